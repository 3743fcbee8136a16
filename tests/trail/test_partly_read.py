"""A batch of which part could not be read: what could goes on, and the rest waits in the open until it is read."""

from dataclasses import replace

from consumers.inbox import Record, decode, decode_all
from consumers.intake import Accepted, DeliveryStatus, Verdict
from consumers.records import outgoing
from service.trail.database import Trail
from service.trail.parked import parked
from tests.trail.conftest import NOON
from tests.trail.told import delivery, order, payment

PARTLY = delivery(
    "d1", order(), payment(), at=NOON, status=DeliveryStatus.UNREADABLE, path="$[1].data", reason="no (1 of 3 events)"
)


async def unread(trail: Trail) -> list[tuple[str, str | None, str | None]]:
    seen = await trail.read(parked)
    return [(one.id, one.path, one.reason) for one in seen.unreadable]


def records(accepted: Accepted) -> list[Record]:
    return [Record("t", 0, number, b"acme", one.value, one.headers) for number, one in enumerate(outgoing(accepted))]


async def test_it_is_parked_in_the_open_and_its_events_go_on(trail: Trail) -> None:
    (verdicts,) = await trail.intake.record([PARTLY])
    assert verdicts == (Verdict.NEW, Verdict.NEW)
    assert await unread(trail) == [("d1", "$[1].data", "no (1 of 3 events)")]
    assert len(await trail.work.due("acme", 10)) == 2


async def test_read_again_it_is_cured_and_nothing_is_there_twice(trail: Trail) -> None:
    await trail.intake.record([PARTLY])
    assert await trail.intake.record([PARTLY]) == [(Verdict.DUPLICATE, Verdict.DUPLICATE)]
    assert len(await unread(trail)) == 1

    whole = replace(PARTLY, status=DeliveryStatus.TOLD, path=None, reason=None, events=(*PARTLY.events, order("2")))
    assert await trail.intake.record([whole]) == [(Verdict.DUPLICATE, Verdict.DUPLICATE, Verdict.NEW)]

    assert await unread(trail) == []
    assert len(await trail.work.due("acme", 10)) == 3


async def test_through_kafka_it_comes_back_as_it_was() -> None:
    (row,) = decode_all(records(PARTLY))
    assert isinstance(row.became, Accepted)
    assert replace(row.became, bodies=()) == PARTLY


async def test_its_parts_read_apart_do_not_count_as_the_cure(trail: Trail) -> None:
    for one in (records(PARTLY)[1], records(PARTLY)[0], records(PARTLY)[1]):
        became = decode(one)
        assert isinstance(became, Accepted)
        await trail.intake.record([became])
    assert await unread(trail) == [("d1", "$[1].data", "no (1 of 3 events)")]
    assert len(await trail.work.due("acme", 10)) == 2
