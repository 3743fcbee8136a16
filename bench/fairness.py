"""Fairness: how long an order that happens now waits while its connection takes in a backfill, or another one does.

The backfill is of orders that were old when they were told. Every write takes the sandbox 200 ms, 16 at a time on a
connection, so that on a busy connection a slot becomes free every 12.5 ms, and at most 200 ms from now.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from bench.figures import Figure, Goal, percentile
from bench.orders import FIRST
from bench.parts import Parts
from bench.posting import LATENCY
from bench.programs import ProgramError
from bench.rehearsal import Rehearsal, arrived, rehearse
from bench.scale import Scale
from bench.shop import IN_FLIGHT, accepted, furnish, visiting
from consumers.intake import Accepted
from schemas.events import natural_key
from schemas.writes import idempotency_key
from service.trail.database import Trail
from service.trail.recording import record

_BATCH: Final = 500
_SLOW: Final = 60.0
"""Seconds after which a live order counts as lost."""
_OWN, _OTHER = "shop-0", "shop-1"


@dataclass(frozen=True, slots=True)
class _Scene:
    """A worker, two connections, and the sandbox's company behind both."""

    parts: Parts
    trail: Trail
    rehearsal: Rehearsal

    def record(self, deliveries: Sequence[Accepted]) -> float:
        """As intake records; answer when it was done."""
        now = self.trail.clock.now()
        self.trail.submit(lambda c: record(c, deliveries, (), now)).result()
        return time.time()

    def backfill(self, count: int) -> None:
        """Old orders, on the first connection."""
        begin = FIRST + 2_000_000
        for first in range(0, count, _BATCH):
            numbers = range(begin + first, begin + min(first + _BATCH, count))
            self.record(list(accepted(self.parts.keys, numbers)))

    def live(self, alias: str, numbers: Sequence[int], pause: float) -> list[float]:
        """Orders of this moment, one after the other; how long each waited until its write reached the sandbox."""
        after = self.rehearsal.asked()
        told: dict[str, float] = {}
        for number in numbers:
            key, delivery = self._order(alias, number)
            told[key] = self.record([delivery])
            time.sleep(pause)
        deadline = time.monotonic() + _SLOW
        while time.monotonic() < deadline:
            asked = self.rehearsal.posts(after, "/accounting/invoices")
            waits = [arrived(one) - told[key] for one in asked if (key := str(one["idempotency_key"])) in told]
            if len(waits) == len(told):
                return waits
            time.sleep(pause)
        raise ProgramError(f"{len(told)} live orders, and not all were written in {_SLOW:g} s")

    def _order(self, alias: str, number: int) -> tuple[str, Accepted]:
        (delivery,) = accepted(self.parts.keys, [number])
        now = datetime.now(UTC)
        moved: dict[str, Any] = {"time": now, "connection": alias, "source": alias}
        events = tuple(event.model_copy(update=moved) for event in delivery.events)
        company = self.rehearsal.company.rutter_id + ("" if alias == _OWN else "1")
        key = idempotency_key(company, alias, natural_key("invoice", str(number)), 1)
        return key, replace(
            delivery, id=f"live-{alias}-{number}", source=alias, connection=alias, events=events, bodies=()
        )


def measure(parts: Parts, scale: Scale, step: Callable[[str], None]) -> Iterator[Figure]:
    """One worker, two connections, PostgreSQL; idle, then while the first of them takes in the backfill."""
    with ExitStack() as stack:
        where = parts.database(stack)
        rehearsal = rehearse(parts, stack)
        furnish(where, parts.keys, connections=2, company=rehearsal.company)
        worker = parts.service(stack, "worker", kafka=False, LEDGERHOOK_DATABASE_URL=where, **rehearsal.environment)
        worker.told()
        trail = visiting(where, parts.keys)
        stack.callback(trail.shut)
        yield from _measured(_Scene(parts, trail, rehearsal), scale, step)


def _measured(scene: _Scene, scale: Scale, step: Callable[[str], None]) -> Iterator[Figure]:
    places = iter(range(FIRST, FIRST + 1_000_000, 10_000))
    count, pause = scale.latency_samples // 2 or 1, scale.live_pause

    def live(alias: str, how_many: int = count) -> list[float]:
        first = next(places)
        return scene.live(alias, range(first, first + how_many), pause)

    step("fairness: the first orders make their customers")
    live(_OWN, 1)
    live(_OTHER, 1)
    scene.rehearsal.latency(LATENCY)
    step("fairness: idle")
    idle_own, idle_other = live(_OWN), live(_OTHER)
    step(f"fairness: beside a backfill of {scale.backfilled_orders} orders")
    scene.backfill(scale.backfilled_orders)
    busy_own, busy_other = live(_OWN), live(_OTHER)
    yield _figure(
        "fairness.own",
        "a live order's wait while its connection backfills, against idle and one answer",
        busy_own,
        median(idle_own) + LATENCY,
        bound=1.0,
        note=f"{_said(busy_own)}; idle {_said(idle_own)}; a slot is free within {LATENCY * 1000:.0f} ms, "
        f"on average every {LATENCY / IN_FLIGHT * 1000:.1f} ms",
    )
    yield _figure(
        "fairness.other",
        "a live order's wait while another connection backfills, against idle",
        busy_other,
        median(idle_other),
        bound=1.2,
        note=f"{_said(busy_other)}; idle {_said(idle_other)}",
    )


def _figure(key: str, what: str, waits: Sequence[float], ceiling: float, *, bound: float, note: str) -> Figure:
    ratio = median(waits) / ceiling
    return Figure(
        bench="fairness",
        key=key,
        what=what,
        unit="ms",
        measured=median(waits) * 1000,
        ceiling=ceiling * 1000,
        ratio=ratio,
        goal=Goal(sense="at most", bound=bound),
        rounds=(ratio,),
        note=note,
    )


def _said(waits: Sequence[float]) -> str:
    return f"p50 {median(waits) * 1000:.0f}, p99 {percentile(waits, 0.99) * 1000:.0f} ms"
