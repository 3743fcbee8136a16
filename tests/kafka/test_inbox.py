"""The inbox over a real broker, fed by a plain client."""

import json
from dataclasses import replace
from typing import Any

import pytest

from consumers.intake import Position
from service.kafka.assignment import WentBack
from service.kafka.consumer import Inbox
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.metrics import Metrics
from tests.kafka.cluster import STRUCTURED, committed, everything, own_topics, publish, running, until
from tests.web.kept import KEYS, Kept, opened
from tests.web.told import body, payment
from tools.parts.shared import BrokerAddress


async def keys_are(kept: Kept, *keys: str) -> None:
    async def there() -> bool:
        return await kept.keys() == list(keys)

    await until(there)


async def test_an_event_of_a_plain_kafka_client_is_recorded(
    inbox: Inbox, settings: KafkaSettings, topics: Topics, kept: Kept
) -> None:
    where = await publish(settings.bootstrap, topics.events, body(payment()), STRUCTURED)

    await keys_are(kept, "payment:ch_1")
    (delivery,) = await kept.deliveries()
    assert delivery.source is None
    assert delivery.id.startswith(f"kafka:{topics.events}:{where.partition}:{where.offset}:")


async def test_binary_mode_is_read_too(inbox: Inbox, settings: KafkaSettings, topics: Topics, kept: Kept) -> None:
    event = payment()
    data = json.dumps(event.pop("data")).encode()
    headers = [(f"ce_{name}", value.encode()) for name, value in event.items() if name != "datacontenttype"]

    await publish(settings.bootstrap, topics.events, data, [*headers, ("content-type", b"application/json")])

    await keys_are(kept, "payment:ch_1")


BROKEN: dict[str, tuple[bytes | None, list[tuple[str, bytes]], str]] = {
    "a tombstone": (None, [], "no value (a tombstone)"),
    "not JSON": (b"hello", [], "$: not JSON"),
    "not UTF-8": (b"\xff\xfe", [], "$: not UTF-8"),
    "another type": (body(payment(type="cart.updated")), STRUCTURED, "$"),
    "an unknown currency": (body(payment()).replace(b"USD", b"ZZZ"), STRUCTURED, "$.data.payment"),
    "nested 10,000 deep": (b"[" * 10_000, [], "$: nested deeper than 64"),
    "another form": (body(payment()), [("content-type", b"application/cloudevents+avro")], "CloudEvents in another"),
    "a forged header": (body(payment()), [("delivery", b"{}\n")], "its delivery header cannot be read"),
    "too large": (body(payment()).ljust(4 * 1024 * 1024 + 1), STRUCTURED, "larger than 4194304 bytes"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_record_goes_to_the_dead_and_the_next_one_flows(
    inbox: Inbox, settings: KafkaSettings, topics: Topics, kept: Kept, case: str
) -> None:
    value, headers, reason = BROKEN[case]

    where = await publish(settings.bootstrap, topics.events, value, headers)
    await publish(settings.bootstrap, topics.events, body(payment("ch_2")), STRUCTURED)

    await keys_are(kept, "payment:ch_2")
    (dead,) = await everything(settings.bootstrap, topics.dead)
    told = dict(dead.headers)
    assert told["reason"].decode().startswith(reason)
    assert told["original-topic"].decode() == topics.events
    assert (int(told["original-partition"]), int(told["original-offset"])) == (where.partition, where.offset)
    assert dead.value == (value if value is not None and len(value) <= 4 * 1024 * 1024 else b"")
    assert len(await kept.deliveries()) == 1


async def test_an_id_that_is_not_the_natural_key_is_parked_not_dead(
    inbox: Inbox, settings: KafkaSettings, topics: Topics, kept: Kept
) -> None:
    await publish(settings.bootstrap, topics.events, body(payment(id="evt_1")), STRUCTURED)
    await publish(settings.bootstrap, topics.events, body(payment("ch_2")), STRUCTURED)

    await keys_are(kept, "payment:ch_2")
    parked, _ = sorted(await kept.deliveries(), key=lambda delivery: delivery.status, reverse=True)
    assert (parked.status, parked.path, parked.connection) == ("unreadable", "$.id", "acme")
    assert parked.opened()[1] == body(payment(id="evt_1"))
    assert await everything(settings.bootstrap, topics.dead) == []


async def test_what_the_trail_refuses_is_parked_alone(
    inbox: Inbox, settings: KafkaSettings, topics: Topics, kept: Kept
) -> None:
    # An instant of year 1 is an event all right; some databases have no such time.
    odd = payment("ch_odd", time="0001-01-01T00:00:00Z")
    for event in (payment("ch_1"), odd, payment("ch_2")):
        await publish(settings.bootstrap, topics.events, body(event), STRUCTURED)

    async def all_there() -> bool:
        return len(await kept.deliveries()) == 3

    await until(all_there)
    assert {"payment:ch_1", "payment:ch_2"} <= set(await kept.keys())


async def test_reading_goes_on_at_the_trails_positions(
    settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics
) -> None:
    async with running(Inbox(settings, kept, KEYS, metrics, topics=topics)):
        await publish(settings.bootstrap, topics.events, body(payment("ch_1")), STRUCTURED)
        await keys_are(kept, "payment:ch_1")
    await publish(settings.bootstrap, topics.events, body(payment("ch_2")), STRUCTURED)
    async with running(Inbox(settings, kept, KEYS, metrics, topics=topics)):
        await keys_are(kept, "payment:ch_1", "payment:ch_2")

    assert len(await kept.deliveries()) == 2
    positions = {number: offset for number, offset in (await kept.positions(topics.events)).items() if offset}
    assert await committed(settings.bootstrap, settings.group, topics.events) == positions


async def test_the_trail_decides_where_reading_begins(
    settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics
) -> None:
    skipped = await publish(settings.bootstrap, topics.events, body(payment("ch_1")), STRUCTURED)
    await publish(settings.bootstrap, topics.events, body(payment("ch_2")), STRUCTURED)
    await kept.record((), [Position(topics.events, skipped.partition, skipped.offset + 1)])

    async with running(Inbox(settings, kept, KEYS, metrics, topics=topics)):
        await keys_are(kept, "payment:ch_2")


async def test_without_its_dead_letter_written_nothing_moves_on(
    settings: KafkaSettings, kafka_broker: BrokerAddress, kept: Kept, metrics: Metrics
) -> None:
    if not kafka_broker.idempotent:
        pytest.skip(f"{kafka_broker.name} makes any topic that is written to")
    topics = own_topics()
    await ensure_topics(settings, replace(topics, dead=topics.events), partitions=1)
    inbox = Inbox(settings, kept, KEYS, metrics, topics=topics)

    async def troubled() -> bool:
        return not inbox.ready()

    async with running(inbox):
        await publish(settings.bootstrap, topics.events, b"broken", STRUCTURED)
        await publish(settings.bootstrap, topics.events, body(payment("ch_2")), STRUCTURED)
        await until(lambda: is_ready(inbox))
        await until(troubled)
        assert await kept.deliveries() == []
        await ensure_topics(settings, topics, partitions=1)
        await keys_are(kept, "payment:ch_2")
    assert [record.value for record in await everything(settings.bootstrap, topics.dead)] == [b"broken"]


async def is_ready(inbox: Inbox) -> bool:
    return inbox.ready()


async def test_a_trail_that_went_back_reads_again_and_tells(
    settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics, tmp_path: Any
) -> None:
    async with running(Inbox(settings, kept, KEYS, metrics, topics=topics)):
        where = await publish(settings.bootstrap, topics.events, body(payment("ch_1")), STRUCTURED)
        await keys_are(kept, "payment:ch_1")
    empty = opened(tmp_path / "restored", [])
    told: list[WentBack] = []

    async def note(back: WentBack) -> None:
        told.append(back)

    async with running(Inbox(settings, empty, KEYS, metrics, topics=topics, on_went_back=note)):
        await keys_are(empty, "payment:ch_1")
    await empty.close()

    assert told == [WentBack(topics.events, where.partition, 0, 1)]


async def test_two_inboxes_share_the_partitions(
    settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics
) -> None:
    one, other = (Inbox(settings, kept, KEYS, metrics, topics=topics) for _ in range(2))

    async def both_ready() -> bool:
        return one.ready() and other.ready()

    async with running(one), running(other):
        await until(both_ready)
        for n in range(6):
            await publish(settings.bootstrap, topics.events, body(payment(f"ch_{n}")), STRUCTURED, key=b"k%d" % n)

        async def all_there() -> bool:
            return len(await kept.keys()) == 6

        await until(all_there)
    assert len(await kept.deliveries()) == 6


async def test_it_is_ready_once_it_reads(inbox: Inbox) -> None:
    await until(lambda: is_ready(inbox))
