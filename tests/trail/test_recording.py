"""Recording deliveries and what they tell."""

import asyncio
import json
from dataclasses import replace

from sqlalchemy import func, select

from consumers.intake import Accepted, DeliveryStatus, Position, Verdict
from schemas.events import Event, event_bytes
from service.trail.database import Trail
from service.trail.fact_tables import events, tellings, work
from service.trail.tables import deliveries
from tests.trail.conftest import NOON, HandClock
from tests.trail.told import delivery, order, payment


async def test_new_events_become_due_and_tell_whose(trail: Trail) -> None:
    told: list[set[str]] = []
    trail.on_due = told.append

    verdicts = await trail.intake.record(
        [
            delivery("d1", order("2"), order("1"), at=NOON),
            delivery("d2", at=NOON, reason="ping"),
            delivery("d3", payment(order_id="1"), at=NOON),
        ]
    )

    assert verdicts == [(Verdict.NEW, Verdict.NEW), (), (Verdict.NEW,)]
    assert sorted(due.event.key for due in await trail.work.due("acme", 10)) == ["order:1", "order:2", "payment:p1"]
    assert told == [{"acme"}]


async def test_bytes_of_ours_are_kept_as_they_came_whatever_version_wrote_them(trail: Trail) -> None:
    told = delivery("d1", order("2"), at=NOON)
    came = json.dumps(json.loads(event_bytes(told.events[0])) | {"x-new": 1}).encode()

    await trail.intake.record([replace(told, bodies=(came,))])
    again = await trail.intake.record([replace(told, id="d2"), replace(told, id="d3", bodies=(came,), events=())])

    assert again == [(Verdict.DUPLICATE,), ()]
    assert await trail.read(lambda c: c.execute(select(events.c.body)).scalars().all()) == [came]
    assert [due.event for due in await trail.work.due("acme", 10)] == list(told.events)


async def test_recording_again_changes_nothing(trail: Trail) -> None:
    batch = [delivery("d1", order(), at=NOON)]
    await trail.intake.record(batch)
    told: list[set[str]] = []
    trail.on_due = told.append

    assert await trail.intake.record(batch) == [(Verdict.DUPLICATE,)]
    assert await trail.intake.record([delivery("d2", order(), at=NOON)]) == [(Verdict.DUPLICATE,)]

    assert await counted(trail) == {"deliveries": 2, "events": 1, "tellings": 0, "work": 1}
    assert told == []


async def test_one_batch_may_tell_a_fact_several_times(trail: Trail) -> None:
    batch = [delivery("d1", order(), order(), at=NOON), delivery("d2", order(memo="gift"), at=NOON)]

    assert await trail.intake.record(batch) == [(Verdict.NEW, Verdict.DUPLICATE), (Verdict.FULLER,)]

    (due,) = await trail.work.due("acme", 10)
    assert due.version == 2


async def test_positions_move_with_the_batch(trail: Trail) -> None:
    await trail.intake.record([], [Position("events", 1, 7), Position("events", 0, 3)])
    await trail.intake.record([delivery("d1", order(), at=NOON)], [Position("events", 1, 9)])

    assert await trail.intake.positions("events") == {0: 3, 1: 9}
    assert await trail.intake.positions("others") == {}


async def test_two_recorders_at_once_leave_one_of_each(trail: Trail) -> None:
    def batch(by: str) -> list[Accepted]:
        return [delivery(f"{by}-{n}", order(str(n)), at=NOON) for n in range(40)]

    first, second, third = await asyncio.gather(*(trail.intake.record(batch(by)) for by in "abc"))

    assert (await counted(trail))["events"] == 40
    assert (await counted(trail))["work"] == 40
    for verdicts in zip(first, second, third, strict=True):
        assert sorted(verdict for (verdict,) in verdicts) == ["duplicate", "duplicate", "new"]


async def test_an_unreadable_delivery_is_cured_by_a_later_reading(trail: Trail, clock: HandClock) -> None:
    unreadable = delivery("d1", at=NOON, status=DeliveryStatus.UNREADABLE, path="$.total", reason="a \x00 and \ud800")
    await trail.intake.record([unreadable])
    clock.pass_(hours=1)

    assert await trail.intake.record([delivery("d1", order(), at=NOON)]) == [(Verdict.NEW,)]
    await trail.intake.record([unreadable])

    row = (await trail.read(lambda c: c.execute(select(deliveries)).all()))[0]
    assert (row.status, row.path, row.cured_at) == ("told", None, clock.now())


async def test_what_another_source_is_to_tell_is_kept_but_not_due(trail: Trail) -> None:
    kept = await trail.intake.record([delivery("d1", order(), at=NOON, source="till")])

    assert kept == [(Verdict.RECORDED,)]
    assert await trail.work.due("acme", 10) == []

    told = await trail.intake.record([delivery("d2", order(total=2400), at=NOON, source="shop")])
    assert told == [(Verdict.NEW,)]
    (due,) = await trail.work.due("acme", 10)
    assert total(due.event) == 2400
    assert await trail.intake.record([delivery("d3", order(total=9), at=NOON, source="till")]) == [(Verdict.RECORDED,)]
    assert [total(due.event) for due in await trail.work.due("acme", 10)] == [2400]


async def test_an_upstream_publisher_has_no_source_and_is_believed(trail: Trail) -> None:
    verdicts = await trail.intake.record([delivery("topic-0-1", order(), at=NOON, source=None, sealed=None)])

    assert verdicts == [(Verdict.NEW,)]


def total(event: Event) -> int:
    assert event.type == "order.completed"
    return event.data.order.total


async def counted(trail: Trail) -> dict[str, int]:
    tables = (deliveries, events, tellings, work)
    return {
        table.name: await trail.read(lambda c, t=table: c.execute(select(func.count()).select_from(t)).scalar_one())  # type: ignore[misc]  # the lambda's default is a table
        for table in tables
    }
