"""`ledgerhook up --sandbox`: the whole service beside a stand-in for Rutter, with a connection that is ready.

The stand-in keeps its books in memory, so that each start has new ones. An alias belongs to one set of books for good:
each start therefore founds `rehearsal-<n>` with sources of its own, and pauses the ones before it.
"""

import asyncio
import secrets
import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import httpx
from pydantic import SecretStr
from rich.panel import Panel
from rich.text import Text
from sqlalchemy import Connection as DatabaseConnection

from sandbox.server import Sandbox, running_sandbox
from sandbox.settings import Settings as SandboxSettings
from schemas.connections import Connection, ConnectionState
from schemas.mapping import Clearing, Items, Mapping, Named, Policies, When
from schemas.sources import Kind, Source
from service.cli.addresses import public_base
from service.cli.opening import settings_or_fail
from service.cli.sample_events import sample_events
from service.cli.show import ERR, fail
from service.cli.starting import loop_factory, token_or_fail
from service.clock import SystemClock
from service.configuration.declaring import declare
from service.configuration.file import Declarations
from service.configuration.reading_lists import refresh
from service.installation import Installation
from service.logs import set_up_logs
from service.running import Role, Running, run, stop_on_signals
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from service.serving import ListenError
from service.trail import connection_moves, connections
from service.trail.database import Trail, TrailUnavailableError, open_trail

T = TypeVar("T")

PREFIX: Final = "rehearsal-"
KINDS: Final[dict[str, Kind]] = {"events": "cloudevents", "stripe": "stripe", "shopify": "shopify"}
_CASH: Final = "Web sales"
_GONE: Final = "its sandbox has ended, and its books with it"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One founded connection and its senders."""

    connection: Connection
    sources: tuple[Source, ...]


def run_with_sandbox(here: Installation, started: Callable[[Running], None]) -> None:
    """Run everything until told to end. `started` is told first, then where the sandbox is and what to try."""
    token_or_fail(here)
    set_up_logs(here.settings.log_format, here.settings.log_level)
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_run(here, started))
    except (ListenError, TrailUnavailableError) as error:
        fail(str(error))


async def _run(here: Installation, started: Callable[[Running], None]) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    # Ids come from the seed: another one each time, or two starts would found "the same" books at Rutter.
    async with running_sandbox(SandboxSettings(seed=secrets.randbelow(1 << 31))) as sandbox:
        rehearsal = await _found(here, sandbox)
        pointed = replace(
            here,
            settings=here.settings.model_copy(
                update={
                    "rutter_base_url": sandbox.base_url,
                    "rutter_client_id": sandbox.settings.client_id,
                    "rutter_client_secret": SecretStr(sandbox.settings.client_secret),
                    "rutter_public_key": sandbox.settings.public_key,
                    "rutter_link_url": sandbox.url,
                }
            ),
        )

        def ready(running: Running) -> None:
            if running.public_url is not None:
                sandbox.world.webhooks.urls.append(f"{running.public_url}/webhooks/rutter")
            started(running)
            announce(here, sandbox, rehearsal, running)

        await run(pointed, frozenset(Role), ready, stop)
    await _in_trail(here, lambda trail: trail.run(lambda c: _pause(c, datetime.now(UTC))))


async def _found(here: Installation, sandbox: Sandbox) -> Rehearsal:
    """New books, declared under a name of their own; refuses beside connections that are not rehearsals."""

    async def found(trail: Trail) -> Rehearsal:
        standings = await trail.read(connections.standings)
        others = [one.connection.alias for one in standings if not one.connection.alias.startswith(PREFIX)]
        if others:
            fail(f"{', '.join(others)} would be posted into the sandbox's books: rehearse in a place of its own, "
                 "--data-dir ledgerhook-rehearsal")  # fmt: skip
        number = 1 + len(standings)
        company = await _company(sandbox)
        rehearsal = Rehearsal(
            _connection(f"{PREFIX}{number}", company["connection_id"], company["access_token"]),
            tuple(_source(name, kind, number) for name, kind in KINDS.items()),
        )
        wanted = Declarations((rehearsal.connection,), rehearsal.sources)

        def declared(c: DatabaseConnection) -> None:
            now = datetime.now(UTC)
            _pause(c, now)
            declare(c, trail.keys, wanted, now)

        await trail.run(declared)
        await _read_lists(trail, sandbox, rehearsal.connection)
        return rehearsal

    return await _in_trail(here, found, migrate=True)


async def _in_trail(here: Installation, act: Callable[[Trail], Awaitable[T]], *, migrate: bool = False) -> T:
    trail = await asyncio.to_thread(open_trail, here.trail, here.keys, SystemClock(), migrate=migrate)
    try:
        return await act(trail)
    finally:
        await trail.close()


async def _read_lists(trail: Trail, sandbox: Sandbox, connection: Connection) -> None:
    """So that `explain` knows the names in the books before the first event came."""
    settings = sandbox.settings
    transport = Transport(
        RutterSettings(base_url=sandbox.base_url, client_id=settings.client_id, client_secret=settings.client_secret)
    )
    try:
        await refresh(trail, transport, connection, frozenset({"account", "customer", "item"}))
    finally:
        await transport.close()


def _pause(c: DatabaseConnection, now: datetime) -> None:
    """Rehearsals that were: their books are gone, so nothing more is asked of them."""
    for one in connections.standings(c):
        if one.connection.alias.startswith(PREFIX):
            connection_moves.move(c, one.connection.alias, ConnectionState.PAUSED, _GONE, now)


async def _company(sandbox: Sandbox) -> dict[str, str]:
    settings = sandbox.settings
    credentials = (settings.client_id, settings.client_secret)
    async with httpx.AsyncClient(base_url=sandbox.url, auth=credentials, trust_env=False, timeout=10) as http:
        answer = await http.post(
            "/_sandbox/connections",
            json={"platform": "QUICKBOOKS", "name": "Rehearsal", "currencies": ["USD", "EUR", "JPY", "KWD"]},
        )
        company: dict[str, str] = answer.raise_for_status().json()
        customer = await http.post(
            "/versioned/accounting/customers",
            params={"access_token": company["access_token"]},
            headers={"X-Rutter-Version": "2024-08-31"},
            json={"customer": {"contact_name": _CASH, "customer_name": _CASH}},
        )
        customer.raise_for_status()
    return company


def _connection(alias: str, rutter_id: str, token: str) -> Connection:
    items = Items(
        fallback=Named(name="Sales"),
        shipping=Named(name="Shipping"),
        tip=Named(name="Tip"),
        discount=Named(name="Discount"),
        rounding=Named(name="Rounding"),
        tax=Named(name="Sales tax"),
    )
    clearing = (
        Clearing(account=Named(name="Stripe clearing"), when=When(gateway="stripe")),
        Clearing(account=Named(name="Shopify clearing"), when=When(gateway="shopify_payments")),
        Clearing(account=Named(name="Undeposited Funds")),
    )
    return Connection(
        alias=alias,
        rutter_id=rutter_id,
        platform="QUICKBOOKS",
        time_zone="UTC",
        home_currency="USD",
        mapping=Mapping(
            items=items, clearing=clearing, cash_customer=Named(name=_CASH), policies=Policies(refund="credit_memo")
        ),
        state=ConnectionState.READY,
        access_token=token,
    )


def _source(name: str, kind: Kind, number: int) -> Source:
    known = f"{name}-{number}"
    secret = {"stripe": "whsec_", "shopify": "shpss_"}.get(kind, "") + secrets.token_hex(16)
    return Source(name=known, kind=kind, connection=f"{PREFIX}{number}", namespace=known, secrets=(secret,))


def announce(here: Installation, sandbox: Sandbox, rehearsal: Rehearsal, running: Running) -> None:
    """The sandbox's address, each sender's webhook address and secret, and a line to try."""
    base = running.public_url or ""
    lines = Text.assemble(
        ("sandbox     ", "dim"), f"{sandbox.url}/_sandbox/books  (docs/sandbox.md)\n",
        ("connection  ", "dim"), f"{rehearsal.connection.alias}: QuickBooks; USD, EUR, JPY, KWD\n",
    )  # fmt: skip
    for source in rehearsal.sources:
        lines.append(f"{source.kind:<12}", style="dim")
        lines.append(f"{base}/webhooks/{source.name}  secret {source.secrets[0]}\n")
    lines.append("look at it  ", style="dim")
    lines.append(f"set -a; . {shlex.quote(str(_write_environment(here, sandbox, base)))}; set +a; ledgerhook doctor")
    ERR.print(Panel(lines, title="A rehearsal", title_align="left", expand=False, border_style="cyan"))
    # Outside the panel and unfolded, so that it can be copied.
    ERR.print(Text.assemble(("try  ", "dim"), (try_line(here, rehearsal, base), "bold")), soft_wrap=True)


def _write_environment(here: Installation, sandbox: Sandbox, base: str) -> Path:
    """What another shell needs to speak to this sandbox, too."""
    path = here.settings.data_dir / "rehearsal" / "sandbox.env"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = {
        "LEDGERHOOK_DATA_DIR": str(here.settings.data_dir.resolve()),
        "LEDGERHOOK_PUBLIC_URL": base,
        "LEDGERHOOK_RUTTER_BASE_URL": sandbox.base_url,
        "LEDGERHOOK_RUTTER_CLIENT_ID": sandbox.settings.client_id,
        "LEDGERHOOK_RUTTER_CLIENT_SECRET": sandbox.settings.client_secret,
        "SANDBOX": sandbox.url,
    }
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items()), "utf-8")
    return path


def try_line(here: Installation, rehearsal: Rehearsal, base: str) -> str:
    """A command that posts the first sample; payment.json and refund.json lie beside it."""
    source = rehearsal.sources[0]
    directory = here.settings.data_dir / "rehearsal"
    order = f"R{datetime.now(UTC):%m%d%H%M%S}"
    _write(directory, sample_events(source.connection, source.namespace, order, datetime.now(UTC)))
    told = settings_or_fail()
    words = ["ledgerhook", "send", source.name, str(directory / "order.json")]
    if told.data_dir != here.settings.data_dir:
        words += ["--data-dir", str(here.settings.data_dir)]
    if public_base(told) != base:
        words += ["--url", base]
    return shlex.join(words)


def _write(directory: Path, samples: dict[str, bytes]) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for noun, body in samples.items():
        (directory / f"{noun}.json").write_bytes(body + b"\n")
