"""Posting: documents a second while every answer takes 200 ms; then the same events replayed, without a Rutter call."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import httpx

from bench.figures import Figure, Goal, against_ceiling
from bench.orders import FIRST
from bench.parts import ADMIN_TOKEN, Parts
from bench.programs import ProgramError
from bench.rehearsal import Rehearsal, arrived, rehearse
from bench.scale import Scale
from bench.shop import IN_FLIGHT, SOURCE, accepted, furnish, visiting
from service.trail.recording import record

LATENCY = 0.2
_BATCH = 500
_QUIET_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What both measures share."""

    parts: Parts
    trail: str
    rehearsal: Rehearsal
    admin: str
    scale: Scale
    step: Callable[[str], None]

    def record(self, numbers: Sequence[int]) -> None:
        """Put orders into the trail, as intake does."""
        trail = visiting(self.trail, self.parts.keys)
        try:
            deliveries = list(accepted(self.parts.keys, numbers))
            for first in range(0, len(deliveries), _BATCH):
                batch = deliveries[first : first + _BATCH]
                trail.submit(lambda c, batch=batch: record(c, batch, (), trail.clock.now())).result()  # type: ignore[misc]  # a default binds the loop's value
        finally:
            trail.shut()


def measure(
    parts: Parts, scale: Scale, step: Callable[[str], None], inbox_rate: Callable[[], float]
) -> Iterator[Figure]:
    """One worker, one connection, PostgreSQL. The customer is in the books and every item is mapped."""
    with ExitStack() as stack:
        where = parts.database(stack)
        rehearsal = rehearse(parts, stack)
        furnish(where, parts.keys, company=rehearsal.company)
        worker = parts.service(stack, "worker", kafka=False, LEDGERHOOK_DATABASE_URL=where, **rehearsal.environment)
        scene = _Scene(
            parts=parts, trail=where, rehearsal=rehearsal, admin=worker.told()["admin"], scale=scale, step=step
        )
        step("posting: the first order makes its customer")
        scene.record(range(FIRST, FIRST + 1))
        rehearsal.invoices(1)
        yield _posting(scene)
        yield _replay(scene, inbox_rate)


def _posting(scene: _Scene) -> Figure:
    rehearsal, scale = scene.rehearsal, scene.scale
    rehearsal.latency(LATENCY)
    rounds: list[tuple[float, float]] = []
    begin = FIRST + 1
    for turn in range(scale.rounds - 1 or 1):
        scene.step(
            f"posting: {scale.posted_documents} documents at {LATENCY * 1000:.0f} ms an answer, round {turn + 1}"
        )
        after = rehearsal.asked()
        scene.record(range(begin, begin + scale.posted_documents))
        begin += scale.posted_documents
        times = sorted(arrived(one) for one in rehearsal.invoices(scale.posted_documents, after))
        rounds.append((len(times) / (times[-1] + LATENCY - times[0]), IN_FLIGHT / LATENCY))
    return against_ceiling(
        "posting.rate",
        "documents a second on one connection",
        "/s",
        rounds,
        Goal(sense="at least", bound=0.95),
        note=f"ceiling: {IN_FLIGHT} in flight ÷ {LATENCY * 1000:.0f} ms",
    )


def _replay(scene: _Scene, inbox_rate: Callable[[], float]) -> Figure:
    rehearsal, scale = scene.rehearsal, scene.scale
    rehearsal.latency(0)
    scene.step(f"replay: posting {scale.replayed_events} events to be replayed")
    after = rehearsal.asked()
    begin = FIRST + 1_000_000
    scene.record(range(begin, begin + scale.replayed_events))
    rehearsal.invoices(scale.replayed_events, after)
    time.sleep(_QUIET_SECONDS)
    asked = rehearsal.asked()
    rates: list[float] = []
    for turn in range(scale.rounds):
        scene.step(f"replay: round {turn + 1} of {scale.rounds}")
        began = time.perf_counter()
        told = httpx.post(
            f"{scene.admin}/api/replay",
            json={"source": SOURCE},
            headers={"authorization": f"Bearer {ADMIN_TOKEN}"},
            timeout=120,
            trust_env=False,
        )
        events: int = told.raise_for_status().json()["events"]
        rates.append(events / (time.perf_counter() - began))
    time.sleep(_QUIET_SECONDS)
    calls = rehearsal.asked() - asked
    if calls:
        raise ProgramError(f"replaying posted events made {calls} calls to Rutter; there must be none")
    new = inbox_rate()
    return against_ceiling(
        "replay.rate",
        "posted events again, against new ones through the inbox",
        "/s",
        [(rate, new) for rate in rates],
        Goal(sense="at least", bound=1.0),
        note=f"{calls} calls to Rutter; {median(rates):.0f} events a second",
    )
