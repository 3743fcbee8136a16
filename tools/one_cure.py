"""Many events parked for one cause, one change of the mapping, everything released: how many POSTs, how many seconds.

`python -m tools.one_cure`, or `--events 5000`. The service's own trail (SQLite), worker and client, and the sandbox
over HTTP; it exits 1 when anything is missing, doubled or out of order.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from consumers.intake import Accepted, DeliveryStatus
from sandbox.server import Sandbox, running_sandbox
from schemas.connections import Connection, ConnectionState
from schemas.events import NotAnEvent, parse_event
from schemas.mapping import Clearing, Items, Mapping, Named, Policies
from schemas.writes import idempotency_key
from service.clock import SystemClock
from service.configuration.curing import cure
from service.configuration.declaring import declare
from service.configuration.file import Declarations
from service.metrics import new_metrics
from service.posting import Posting, build_posting
from service.rutter.settings import RutterSettings
from service.sealing import KeyRing
from service.trail.database import Trail, open_trail
from service.trail.overview import Counts, overview

_BEFORE: Final = Mapping(
    items=Items(shipping=Named(name="Shipping")),
    clearing=(Clearing(account=Named(name="Stripe clearing")),),
    policies=Policies(refund="credit_memo"),
)
_IN_FLIGHT: Final = 16
_BATCH: Final = 500
_PATIENCE: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`posts`: to Rutter, of anything, since the cure; `furthest`: how many places an invoice came from its event's."""

    parked: int
    causes: int
    released: int
    posted: int
    posts: int
    invoice_posts: int
    idempotency_keys: int
    furthest: int
    in_flight: int
    seconds: float

    @property
    def good(self) -> bool:
        """One POST an event, each with a key of its own, and in order as far as some are under way at once."""
        counts = {self.parked, self.released, self.posted, self.posts, self.invoice_posts, self.idempotency_keys}
        return counts == {self.parked} and self.causes == 1 and self.furthest <= 2 * self.in_flight


async def one_cure(events: int, directory: Path) -> Report:
    """Park them, cure them, count."""
    async with (
        running_sandbox() as sandbox,
        _calls(sandbox) as http,
        _at_work(sandbox, http, directory) as (trail, acme),
    ):
        for first in range(0, events, _BATCH):
            numbers = range(first, min(first + _BATCH, events))
            await trail.intake.record([_accepted(number) for number in numbers])
        parked = await _settled(trail)
        before = len(await _posts(http))
        began = time.perf_counter()
        mended = replace(acme, mapping=replace(acme.mapping, items=replace(acme.mapping.items, fallback=_FALLBACK)))
        await trail.run(lambda c: declare(c, trail.keys, Declarations((mended,), ()), datetime.now(UTC)))
        cured = await cure(trail, {"acme"}, datetime.now(UTC), let_go=True)
        after = await _settled(trail)
        seconds = time.perf_counter() - began
        posts = (await _posts(http))[before:]
    keys = {idempotency_key(acme.rutter_id, "shop", f"invoice:{_name(number)}", 1): number for number in range(events)}
    invoices = [one for one in posts if one["path"].endswith("/accounting/invoices")]
    order = [keys[one["idempotency_key"]] for one in invoices]
    return Report(
        parked=parked.parked,
        causes=len(cured.causes),
        released=cured.count,
        posted=after.done,
        posts=len(posts),
        invoice_posts=len(invoices),
        idempotency_keys=len({one["idempotency_key"] for one in invoices}),
        furthest=max((abs(number - place) for place, number in enumerate(order)), default=0),
        in_flight=_IN_FLIGHT,
        seconds=round(seconds, 2),
    )


_FALLBACK: Final = Named(name="Sales")


def _calls(sandbox: Sandbox) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=sandbox.url, timeout=30, trust_env=False)


@asynccontextmanager
async def _at_work(
    sandbox: Sandbox, http: httpx.AsyncClient, directory: Path
) -> AsyncIterator[tuple[Trail, Connection]]:
    """A company, a trail where goods have no item, and a worker that runs."""
    company = (await http.post("/_sandbox/connections", json={"platform": "QUICKBOOKS"})).raise_for_status().json()
    # Known already: making a customer would let the orders that wait for it lose their place in the queue.
    ada = {"contact_name": "Ada Byron", "customer_name": "Ada Byron", "email": "ada@example.com"}
    made = await http.post(
        "/versioned/accounting/customers",
        params={"access_token": company["access_token"]},
        headers={"X-Rutter-Version": "2024-08-31"},
        auth=(sandbox.settings.client_id, sandbox.settings.client_secret),
        json={"customer": ada},
    )
    made.raise_for_status()
    trail = open_trail(str(directory / "trail.sqlite3"), KeyRing({"k1": bytes(32)}), SystemClock())
    acme = Connection(
        alias="acme",
        rutter_id=company["connection_id"],
        platform="QUICKBOOKS",
        time_zone="UTC",
        home_currency="USD",
        mapping=_BEFORE,
        state=ConnectionState.READY,
        access_token=company["access_token"],
        calls_per_minute=100_000,
        in_flight=_IN_FLIGHT,
    )
    await trail.run(lambda c: declare(c, trail.keys, Declarations((acme,), ()), datetime.now(UTC)))
    posting = build_posting(trail, _rutter(sandbox), "one-cure", SystemClock(), new_metrics())
    loop = asyncio.get_running_loop()
    trail.on_due = lambda aliases: _poke(loop, posting, aliases)
    task = asyncio.create_task(posting.worker.run())
    try:
        yield trail, acme
    finally:
        posting.worker.stop()
        await asyncio.wait({task})
        await posting.transport.close()
        await trail.close()


def _rutter(sandbox: Sandbox) -> RutterSettings:
    told = sandbox.settings
    return RutterSettings(base_url=sandbox.base_url, client_id=told.client_id, client_secret=told.client_secret)


def _poke(loop: asyncio.AbstractEventLoop, posting: Posting, aliases: set[str]) -> None:
    loop.call_soon_threadsafe(posting.wake, aliases)


async def _settled(trail: Trail) -> Counts:
    """Once nothing is due or under way."""
    ends = time.monotonic() + _PATIENCE
    since = datetime.now(UTC) - timedelta(days=1)
    while (counts := (await trail.read(lambda c: overview(c, since))).counts).due or counts.in_doubt:
        if time.monotonic() > ends:
            raise TimeoutError(f"still moving: {counts}")
        await asyncio.sleep(0.05)
    return counts


async def _posts(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    asked = (await http.get("/_sandbox/requests", params={"method": "POST"})).raise_for_status().json()["requests"]
    return [one for one in asked if "/accounting/" in one["path"]]


def _name(number: int) -> str:
    """As long as the others: those that are recorded together are numbered in the order of their names."""
    return f"{number:06d}"


def _accepted(number: int) -> Accepted:
    now, name = datetime.now(UTC), _name(number)
    told = {
        "specversion": "1.0", "id": f"order:{name}", "source": "shop", "type": "order.completed",
        "connection": "acme", "time": now.isoformat(),
        "data": {"order": {
            "id": name, "number": name, "completed_at": now.isoformat(), "currency": "USD",
            "customer": {"id": "c-9", "name": "Ada Byron", "email": "ada@example.com"},
            "lines": [{"id": "1", "sku": None, "description": "A shirt", "quantity": "1", "unit_price": None,
                       "total": 2000 + number, "taxes": []}],
            "shipping": {"total": 500}, "total": 2500 + number,
        }},
    }  # fmt: skip
    event = parse_event(json.dumps(told).encode())
    if isinstance(event, NotAnEvent):
        raise TypeError(f"no event at {event.path}: {event.reason}")
    return Accepted(
        id=f"d-{number:06d}",
        source=None,
        connection="acme",
        received_at=now,
        status=DeliveryStatus.TOLD,
        events=(event,),
    )


def main() -> int:
    """Run it and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tools.one_cure", description=__doc__)
    parser.add_argument("--events", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        report = asyncio.run(one_cure(asked.events, Path(directory)))
    sys.stdout.write(json.dumps(asdict(report) | {"good": report.good}, indent=1) + "\n")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
