"""What went past Kafka waits in the outbox, with the delivery and in its order, until Kafka has it."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from consumers.records import read_head
from service.sealing import KeyRing, open_delivery, seal_delivery
from service.trail import outbox, rotation
from service.trail.database import Trail
from service.trail.outbox import Outgoing
from service.trail.tables import deliveries
from service.trail.tables import outbox as table
from tests.trail.conftest import NOON
from tests.trail.told import delivery, order, payment


async def waiting(trail: Trail, limit: int = 1000) -> list[Outgoing]:
    return list(await trail.read(lambda c: outbox.unsent(c, limit)))


def header(row: Outgoing) -> bytes:
    return dict(row.headers)["delivery"]


async def test_all_records_of_a_delivery_wait_in_order(trail: Trail) -> None:
    both = delivery("d2", order(), payment(), at=NOON, sealed=b"\x00\xff\n")
    await trail.fallback.record([both, delivery("d1", at=NOON, reason="means nothing")])

    rows = await waiting(trail)

    assert [(row.topic, row.key) for row in rows] == [("ledgerhook.events", "acme")] * 3
    assert [b'"order:1001"' in rows[0].value, b'"payment:p1"' in rows[1].value] == [True, True]
    assert b'"delivery.ignored"' in rows[2].value
    assert [dict(row.headers)["content-type"] for row in rows] == [b"application/cloudevents+json"] * 3
    assert header(rows[0]).startswith(b'{"id":"d2","source":"shop","connection":"acme"')
    assert header(rows[0]).endswith(b'"events":2}\n\x00\xff\n')
    assert header(rows[1]) == b'{"id":"d2","part":1,"source":"shop","received_at":"2026-11-02T12:00:00+00:00"}'
    assert header(rows[2]).endswith(b"\nsealed d1")


async def test_what_waits_is_sealed_again_under_a_new_key(trail: Trail) -> None:
    old, new = trail.keys, KeyRing({"k2": b"2" * 32})
    both = KeyRing({"k2": b"2" * 32, "k1": bytes(32)})
    sealed = seal_delivery(old, "d1", {"a": "b"}, b"body")
    await trail.fallback.record([delivery("d1", order(), payment(), at=NOON, sealed=sealed)])
    before = await waiting(trail)

    at: rotation.Step | None = rotation.Step()
    while at is not None:
        at = await trail.run(partial(rotation.step, keys=both, at=at, batch=1))

    first, second = await waiting(trail)
    read = read_head(header(first))
    assert isinstance(read, tuple)
    assert (read[0].id, read[0].events) == ("d1", 2)
    assert open_delivery(new, "d1", read[1] or b"") == ({"a": "b"}, b"body")
    assert header(second) == header(before[1])


async def test_what_came_from_kafka_is_not_relayed(trail: Trail) -> None:
    await trail.intake.record([delivery("d1", order(), at=NOON)])
    await trail.fallback.record([delivery("d1", order(), at=NOON), delivery("d2", order(), at=NOON)])
    await trail.intake.record([delivery("d2", order(), at=NOON)])

    assert [header(row)[:11] for row in await waiting(trail)] == [b'{"id":"d2",']


async def test_what_is_stored_twice_is_relayed_once(trail: Trail) -> None:
    twice = [delivery("d1", order(), at=NOON)]
    await trail.fallback.record(twice)
    await trail.fallback.record(twice)

    assert len(await waiting(trail)) == 1


async def test_once_sent_the_delivery_alone_is_kept(trail: Trail) -> None:
    await trail.fallback.record([delivery("d1", order(), at=NOON)])
    await trail.run(
        lambda c: outbox.tell(c, outbox.DOCUMENTS, "document.posted", "acme", subject="invoice:1", at=NOON, data={})
    )
    rows = await waiting(trail)

    await trail.run(lambda c: outbox.sent(c, [row.seq for row in rows], NOON + timedelta(seconds=1)))

    left = await trail.read(lambda c: c.execute(select(table.c.topic, table.c.sent_at)).all())
    assert [tuple(row) for row in left] == [("ledgerhook.documents", NOON + timedelta(seconds=1))]
    assert await trail.read(lambda c: c.execute(select(deliveries.c.sealed)).scalars().all()) == [b"sealed d1"]


async def test_only_some_mib_leave_at_once(trail: Trail) -> None:
    large = b"s" * 1_500_000
    await trail.fallback.record([delivery(f"d{number}", at=NOON, sealed=large) for number in range(5)])

    first = await waiting(trail)

    assert [header(row)[:11] for row in first] == [b'{"id":"d%d",' % number for number in range(3)]
    assert len(await waiting(trail, 2)) == 2
