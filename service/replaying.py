"""Replay: kept deliveries are translated again and recorded again, exactly as if they came in now.

Into the trail they are in, that changes nothing about what is posted: the unique indexes know every fact, and what
waits becomes due once more. Into an empty trail it rebuilds everything.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from consumers.attachments import attachments_named
from consumers.intake import Accepted, DeliveryStatus, Verdict
from handlers.registry import explain_translate
from schemas.deliveries import Delivery, Ignored, Told, Unreadable
from schemas.sources import Source
from service.console.desk import ReplayAnswer, ReplayAsk
from service.sealing import KeyRing, seal_delivery
from service.trail.archive import Archived, Wanted, due_again, page
from service.trail.database import Trail

PAGE: Final = 500


@dataclass(slots=True)
class Replayed:
    """What was read and what became of it. `again`: events that waited and are due once more."""

    deliveries: int = 0
    events: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    unreadable: int = 0
    again: int = 0


async def replay(
    archive: Trail,
    into: Trail,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    progress: Callable[[Replayed], None] = lambda _: None,
) -> Replayed:
    """Read deliveries from `archive` and record them in `into` (often the same trail)."""
    sources = {source.name: source for source in await archive.intake.sources()}
    replayed = Replayed()
    after = None
    while True:
        read = await archive.read(lambda c, after=after: page(c, archive.keys, wanted, after, PAGE))  # type: ignore[misc]  # a default binds the loop's value
        if not read:
            return replayed
        after = read[-1].place
        batch = [_again(one, sources, None if into is archive else into.keys) for one in read]
        replayed.deliveries += len(batch)
        replayed.events += sum(len(accepted.events) for accepted in batch)
        replayed.unreadable += sum(accepted.status is DeliveryStatus.UNREADABLE for accepted in batch)
        if not dry_run:
            await _record(into, batch, replayed)
        progress(replayed)


async def _record(into: Trail, batch: Sequence[Accepted], replayed: Replayed) -> None:
    for verdicts in await into.intake.record(batch):
        replayed.verdicts.update(verdicts)
    events = (event for accepted in batch for event in accepted.events)
    facts = (fact for event in events for fact in (event, *attachments_named(event)))
    told = {(fact.connection, fact.namespace, fact.key) for fact in facts}
    if told:
        replayed.again += await into.run(lambda c: due_again(c, told, into.clock.now()))


def _again(one: Archived, sources: Mapping[str, Source], keys: KeyRing | None) -> Accepted:
    """The delivery as intake would take it today; its sender was proved when it came.

    `keys` seal it for the trail it goes into; None where it came from that trail, which keeps what it has.
    """
    accepted = Accepted(
        id=one.id,
        source=one.source,
        connection=one.connection,
        received_at=one.received_at,
        status=DeliveryStatus.TOLD,
        events=one.events,
    )
    if one.body is None:
        return accepted
    if keys is not None:
        accepted = replace(accepted, sealed=seal_delivery(keys, one.id, one.headers, one.body))
    source = sources.get(one.source or "")
    if source is None:
        return replace(accepted, status=DeliveryStatus.UNREADABLE, path="$", reason="its source is not configured")
    delivery = Delivery(id=one.id, source=source.name, received_at=one.received_at, headers=one.headers, body=one.body)
    told = explain_translate(delivery, source)
    match told:
        case Told(events):
            accepted, problem = replace(accepted, events=events), told.problem
            return accepted if problem is None else _unread(accepted, problem)
        case Ignored(reason):
            return replace(accepted, status=DeliveryStatus.IGNORED, reason=reason)
        case Unreadable():
            return _unread(accepted, told)
        case other:  # Rutter's callbacks moved what they moved when they came
            return replace(accepted, reason=type(other).__name__)


def _unread(accepted: Accepted, problem: Unreadable) -> Accepted:
    return replace(accepted, status=DeliveryStatus.UNREADABLE, path=problem.path, reason=problem.reason)


def replay_here(trail: Trail) -> Callable[[ReplayAsk], Awaitable[ReplayAnswer]]:
    """Replay within one trail, in the console's shapes."""

    async def run(ask: ReplayAsk) -> ReplayAnswer:
        wanted = Wanted(
            delivery=ask.delivery, order=ask.order, source=ask.source, type=ask.type, since=ask.since, until=ask.until
        )
        done = await replay(trail, trail, wanted, dry_run=ask.dry_run)
        verdicts = {verdict.value: count for verdict, count in done.verdicts.items()}
        return ReplayAnswer(deliveries=done.deliveries, events=done.events, verdicts=verdicts)

    return run
