"""A rig for posting: the real trail on SQLite, the real client, the sandbox over HTTP; time runs fast."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from consumers.intake import Accepted, DeliveryStatus
from consumers.ports import Lease
from sandbox.server import Sandbox, running_sandbox
from schemas.connections import Connection, ConnectionState
from schemas.events import Event, NotAnEvent, natural_key, parse_event
from schemas.exact_json import dumps
from schemas.mapping import Clearing, Items, Mapping, Named, Policies
from service.metrics import new_metrics
from service.posting import Posting, build_posting
from service.rutter.settings import RutterSettings
from service.sealing import KeyRing
from service.trail import connections
from service.trail.database import Trail, open_trail
from service.trail.overview import Counts, overview
from service.trail.parked import ParkedGroup, parked
from service.trail.ports import Work

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
MAPPING = Mapping(
    items=Items(
        fallback=Named(name="Sales"),
        shipping=Named(name="Shipping"),
        tip=Named(name="Tip"),
        discount=Named(name="Discount"),
        rounding=Named(name="Rounding"),
        tax=Named(name="Sales tax"),
    ),
    clearing=(Clearing(account=Named(name="Stripe clearing")),),
    policies=Policies(refund="credit_memo"),
)


LONG_LEASE = 6000.0
"""Of the fast clock: a quarter of a minute outside, where it runs 400 times as fast."""


@dataclass(frozen=True)
class Unhurried(Work):
    """A worker that is alone keeps its lease: at such a speed 15 seconds are over before a busy machine renews it."""

    async def lease(self, connection: str, owner: str, seconds: float) -> Lease | None:
        return await super().lease(connection, owner, max(seconds, LONG_LEASE))


class FastClock:
    """Runs `speed` times as fast as the world outside: a 45-second time-out passes while a test can wait for it."""

    def __init__(self, speed: float, start: datetime = NOON) -> None:
        self.speed = speed
        self._start = start
        self._began = time.monotonic()
        self._leaps = timedelta()

    def now(self) -> datetime:
        return self._start + self._leaps + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def leap(self, **parts: float) -> None:
        self._leaps += timedelta(**parts)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


@dataclass
class Rig:
    """One company, one connection `acme`, one worker."""

    sandbox: Sandbox
    company: str
    token: str
    trail: Trail
    posting: Posting
    http: httpx.AsyncClient
    clock: FastClock
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def tell(self, *events: Event) -> None:
        """One delivery an event."""
        await self.trail.intake.record(
            [
                Accepted(
                    id=f"d-{next(self.numbers):06d}",
                    source=None,
                    connection=event.connection,
                    received_at=self.clock.now(),
                    status=DeliveryStatus.TOLD,
                    events=(event,),
                )
                for event in events
            ]
        )

    async def counts(self) -> Counts:
        return (await self.trail.read(lambda c: overview(c, NOON))).counts

    async def settle(self, seconds: float = 60.0) -> Counts:
        """Until nothing is due, now or later."""
        deadline = time.monotonic() + seconds
        while True:
            counts = await self.counts()
            if counts.due == 0 and counts.in_doubt == 0:
                return counts
            assert time.monotonic() < deadline, f"still moving: {counts}"
            await asyncio.sleep(0.02)

    async def until_parked(self, seconds: float = 60.0) -> tuple[ParkedGroup, ...]:
        """Until nothing is due, and answer what is parked."""
        deadline = time.monotonic() + seconds
        while (await self.counts()).due:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        return (await self.trail.read(parked)).groups

    async def fault(self, **asked: Any) -> None:
        answer = await self.http.post("/_sandbox/faults", json=asked)
        assert answer.status_code == 201, answer.text

    async def fired(self) -> int:
        faults = (await self.http.get("/_sandbox/faults")).json()["faults"]
        return sum(int(fault["fired"]) for fault in faults)

    async def books(self, kind: str) -> list[dict[str, Any]]:
        report = (await self.http.get("/_sandbox/books", params={"connection_id": self.company})).json()
        return [one["document"] for one in report["documents"] if one["type"] == kind]

    async def customers(self) -> list[dict[str, Any]]:
        report = (await self.http.get("/_sandbox/books", params={"connection_id": self.company})).json()
        return list(report["customers"])

    async def posts(self, kind: str) -> list[dict[str, Any]]:
        asked = (await self.http.get("/_sandbox/requests")).json()["requests"]
        return [one for one in asked if one["method"] == "POST" and one["path"].endswith(f"/accounting/{kind}s")]


@asynccontextmanager
async def rig(
    directory: Path,
    *,
    speed: float = 100.0,
    mapping: Mapping = MAPPING,
    gate: Callable[[Trail], Work] = Unhurried,
    platform: str = "QUICKBOOKS",
) -> AsyncIterator[Rig]:
    """Everything started; the worker runs. `gate`: what stands for the trail's work."""
    async with (
        running_sandbox() as sandbox,
        fresh_calls(sandbox) as http,
        opened(directory, sandbox, http, speed=speed, mapping=mapping, gate=gate, platform=platform) as r,
        working(r.posting),
    ):
        yield r


def fresh_calls(sandbox: Sandbox) -> httpx.AsyncClient:
    """Each call on a connection of its own: one that was kept may be closed just as it is used again."""
    return httpx.AsyncClient(base_url=sandbox.url, timeout=30, limits=httpx.Limits(max_keepalive_connections=0))


@asynccontextmanager
async def opened(
    directory: Path,
    sandbox: Sandbox,
    http: httpx.AsyncClient,
    *,
    speed: float = 100.0,
    start: datetime = NOON,
    mapping: Mapping = MAPPING,
    gate: Callable[[Trail], Work] = Work,
    platform: str = "QUICKBOOKS",
) -> AsyncIterator[Rig]:
    """A company of its own and a fresh trail; no worker runs yet."""
    asked = {"platform": platform, "home_currency": "USD", "currencies": ["USD", "JPY", "KWD"]}
    company = (await http.post("/_sandbox/connections", json=asked)).json()
    clock = FastClock(speed, start)
    trail = open_trail(str(directory / "trail.sqlite3"), KeyRing({"k1": bytes(32)}), clock)
    connection = Connection(
        alias="acme",
        rutter_id=company["connection_id"],
        platform=platform,
        time_zone="America/New_York",
        home_currency="USD",
        mapping=mapping,
        state=ConnectionState.READY,
        access_token=company["access_token"],
        calls_per_minute=60_000,
    )
    await trail.run(lambda c: connections.declare(c, trail.keys, connection, clock.now()))
    trail.__dict__["work"] = gate(trail)
    r = Rig(
        sandbox, company["connection_id"], company["access_token"], trail, hired(trail, sandbox, clock), http, clock
    )
    try:
        yield r
    finally:
        await r.posting.transport.close()
        await trail.close()


def hired(trail: Trail, sandbox: Sandbox, clock: FastClock, owner: str = "worker-1") -> Posting:
    """A worker that has not begun."""
    settings = RutterSettings(
        base_url=sandbox.base_url,
        client_id=sandbox.settings.client_id,
        client_secret=sandbox.settings.client_secret,
        assume_synced=True,
    )
    posting = build_posting(trail, settings, owner, clock, new_metrics())  # type: ignore[arg-type]  # a clock all the same
    loop = asyncio.get_running_loop()
    trail.on_due = lambda aliases: _poke(loop, posting, aliases)
    return posting


@asynccontextmanager
async def working(posting: Posting) -> AsyncIterator[asyncio.Task[None]]:
    """The worker runs, and is stopped in order."""
    task = asyncio.create_task(posting.worker.run())
    try:
        yield task
    finally:
        posting.worker.stop()
        await asyncio.wait({task})


def _poke(loop: asyncio.AbstractEventLoop, posting: Posting, aliases: set[str]) -> None:
    loop.call_soon_threadsafe(posting.wake, aliases)


def event(kind: str, noun: str, data: dict[str, Any]) -> Event:
    """A canonical event of the namespace `shop`."""
    body = {
        "specversion": "1.0",
        "id": natural_key(noun, data["id"]),
        "source": "shop",
        "type": kind,
        "connection": "acme",
        "time": "2026-11-02T10:15:00Z",
        "data": {noun: data},
    }
    read = parse_event(dumps(body))
    assert not isinstance(read, NotAnEvent), read
    return read


def order(number: str, total: int = 3058, *, tax: int = 190, currency: str = "USD") -> Event:
    """Two shirts, shipping 500 and tax."""
    return event(
        "order.completed",
        "order",
        {
            "id": number, "number": number, "completed_at": "2026-11-02T10:15:00Z", "currency": currency,
            "customer": {"id": "c-9", "name": "Ada Byron", "email": "ada@example.com"},
            "lines": [{"id": "1", "sku": None, "description": "A shirt", "quantity": "2", "unit_price": None,
                       "total": total - tax - 500,
                       "taxes": [{"code": "NY", "rate": None, "amount": tax}] if tax else []}],
            "shipping": {"total": 500}, "total": total,
        },
    )  # fmt: skip


def payment(identifier: str, order_id: str, amount: int = 3058, currency: str = "USD") -> Event:
    """A card payment on one order."""
    return event(
        "payment.received",
        "payment",
        {
            "id": identifier, "received_at": "2026-11-02T10:15:03Z", "currency": currency, "amount": amount,
            "gateway": "stripe", "method": "card", "reference": None,
            "applies_to": [{"order_id": order_id, "amount": amount}],
        },
    )  # fmt: skip


def refund(identifier: str, order_id: str, amount: int, *, through: str | None) -> Event:
    """An amount back; through a payment, or as a credit without money."""
    money = (
        [] if through is None else [{"payment_id": through, "gateway": "stripe", "method": "card", "amount": amount}]
    )
    return event(
        "refund.issued",
        "refund",
        {
            "id": identifier, "issued_at": "2026-11-09T09:00:00Z", "currency": "USD", "amount": amount,
            "reason": "returned", "order_id": order_id, "lines": None, "shipping": {"total": 0}, "money": money,
        },
    )  # fmt: skip
