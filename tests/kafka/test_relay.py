"""What went past Kafka straight into the trail is in the topic once Kafka is back, and goes no second round."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.admin import NewTopic
from sqlalchemy import select

from consumers.intake import Accepted, DeliveryStatus
from schemas.events import Event, NotAnEvent, parse_event
from service.adapters import TrailOutbox
from service.kafka.clients import make_admin
from service.kafka.consumer import Inbox
from service.kafka.log import KafkaLog
from service.kafka.outbox import Outbox
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.metrics import Metrics
from service.trail import outbox
from service.trail.fact_tables import tellings
from service.web.durable import LogThenTrail, Route, TrailDoor
from tests.kafka.cluster import everything, own_topics, running, settings_of, until
from tests.web.kept import KEYS, Kept
from tests.web.told import body, payment
from tools.parts.broker import Broker
from tools.parts.shared import BrokerAddress


def event(number: int) -> Event:
    read = parse_event(body(payment(f"ch_{number}")))
    assert not isinstance(read, NotAnEvent)
    return read


def delivery(name: str, *numbers: int, sealed: bytes = b"\x00\xffsealed") -> Accepted:
    return Accepted(
        id=name,
        source="acme-shop",
        connection="acme",
        received_at=datetime(2026, 11, 2, tzinfo=UTC),
        status=DeliveryStatus.TOLD if numbers else DeliveryStatus.IGNORED,
        reason=None if numbers else "means nothing",
        sealed=sealed,
        events=tuple(event(number) for number in numbers),
    )


@dataclass(frozen=True)
class Parts:
    """A web process and a worker over one trail, and what a plain client sees."""

    both: LogThenTrail
    kept: Kept
    bootstrap: str
    topic: str

    async def topic_tells(self) -> list[str]:
        """CloudEvents ids in the topic's order."""
        return [json.loads(record.value)["id"] for record in await everything(self.bootstrap, self.topic)]

    async def at_rest(self) -> None:
        """Nothing waits to be sent, and the inbox has read all there is."""

        async def nothing_waits() -> bool:
            return not await self.kept.trail.read(lambda c: outbox.unsent(c, 1))

        await until(nothing_waits)
        written = await everything(self.bootstrap, self.topic)
        ends: dict[int, int] = {}
        for record in written:
            ends[record.partition] = record.offset + 1

        async def all_read() -> bool:
            return await self.kept.positions(self.topic) == ends

        await until(all_read)


@asynccontextmanager
async def parts(settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics) -> AsyncIterator[Parts]:
    log = KafkaLog(settings, topics.events, acknowledge_seconds=0.5, retry_seconds=0.1)
    renamed = {outbox.EVENTS: topics.events}
    async with AsyncExitStack() as stack:
        await log.start()
        stack.push_async_callback(log.close)
        inbox = Inbox(settings, kept, KEYS, metrics, topics=topics, watch_seconds=0.5, stuck_seconds=3)
        await stack.enter_async_context(running(inbox))
        await stack.enter_async_context(running(Outbox(TrailOutbox(kept.trail), settings, topics=renamed)))
        door = TrailDoor(kept.trail.fallback)
        yield Parts(LogThenTrail(log, door, metrics), kept, settings.bootstrap, topics.events)


@pytest.fixture
async def frail(broker: Broker, kept: Kept, metrics: Metrics) -> AsyncIterator[Parts]:
    """Over a broker that may be ill-treated."""
    settings = KafkaSettings(bootstrap=broker.bootstrap, idempotence=broker.idempotent, group=f"inbox-{time.time_ns()}")
    topics = own_topics()
    await ensure_topics(settings, topics, partitions=1)
    async with parts(settings, topics, kept, metrics) as made:
        yield made


@pytest.fixture
async def sound(
    kafka_broker: BrokerAddress, settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics
) -> AsyncIterator[Parts]:
    """Over the run's broker."""
    async with parts(settings, topics, kept, metrics) as made:
        yield made


async def while_away(frail: Parts, away: Callable[[], None], back: Callable[[], None]) -> None:
    assert await frail.both.keep(delivery("d-0", 0)) is Route.KAFKA
    away()
    try:
        routes = [
            await frail.both.keep(one)
            for one in (delivery("d-1", 1), delivery("d-2", 2, 3, 4), delivery("d-3"), delivery("d-4", 5))
        ]
    finally:
        back()
    assert routes == [Route.TRAIL] * 4


async def is_in_the_topic(frail: Parts) -> None:
    await frail.at_rest()
    told = await frail.topic_tells()
    assert list(dict.fromkeys(told)) == [
        *(f"payment:ch_{number}" for number in range(5)),
        "d-3",
        "payment:ch_5",
    ]
    # Only the first one was ever sent before, and may have landed after all.
    assert len(told) - len(set(told)) == told.count("payment:ch_1") - 1 <= 1

    assert [one.id for one in await frail.kept.deliveries()] == ["d-0", "d-1", "d-2", "d-3", "d-4"]
    assert {one.sealed for one in await frail.kept.deliveries()} == {b"\x00\xffsealed"}
    assert sorted(await frail.kept.keys()) == [f"payment:ch_{number}" for number in range(6)]
    assert await further_tellings(frail.kept) == 0
    assert await frail.kept.trail.read(lambda c: outbox.unsent(c, 100)) == []


async def further_tellings(kept: Kept) -> int:
    return len(await kept.trail.read(lambda c: c.execute(select(tellings.c.seq)).all()))


async def test_a_frozen_broker_has_it_once_it_goes_on(broker: Broker, frail: Parts) -> None:
    await while_away(frail, broker.freeze, broker.thaw)
    await is_in_the_topic(frail)


async def test_a_killed_broker_has_it_once_it_is_back(broker: Broker, frail: Parts) -> None:
    if not broker.durable:
        pytest.skip(f"{broker.name} keeps its records in memory")
    await while_away(frail, broker.kill, broker.start)
    await is_in_the_topic(frail)


async def test_what_no_batch_holds_is_relayed_and_read_back_as_what_it_was(sound: Parts) -> None:
    assert await sound.both.keep(delivery("d-1", *range(3000))) is Route.TRAIL
    assert await sound.both.keep(delivery("d-2", 3000)) is Route.KAFKA
    await sound.at_rest()

    told = await sound.topic_tells()
    assert [one for one in told if one != "payment:ch_3000"] == [f"payment:ch_{number}" for number in range(3000)]
    assert len(told) == 3001
    assert sorted(one.id for one in await sound.kept.deliveries()) == ["d-1", "d-2"]
    assert len(await sound.kept.keys()) == 3001
    assert await further_tellings(sound.kept) == 0


async def test_a_reader_sees_the_record_that_the_log_would_have_sent(sound: Parts) -> None:
    for name in ("d-1", "d-2"):
        one = delivery(name, 1)
        door: Callable[[Accepted], Awaitable[Any]] = sound.both.keep
        if name == "d-2":
            door = TrailDoor(sound.kept.trail.fallback).keep
        await door(one)
        await sound.at_rest()

    sent, relayed = await everything(sound.bootstrap, sound.topic)
    assert (relayed.key, relayed.value, relayed.partition) == (sent.key, sent.value, sent.partition)
    assert [name for name, _ in relayed.headers] == ["content-type", "delivery"]
    assert dict(relayed.headers)["delivery"] == dict(sent.headers)["delivery"].replace(b"d-1", b"d-2")


async def test_what_kafka_acknowledged_or_brought_is_not_relayed(sound: Parts) -> None:
    assert await sound.both.keep(delivery("d-1", 1)) is Route.KAFKA
    await sound.at_rest()
    await TrailDoor(sound.kept.trail.fallback).keep(delivery("d-1", 1))

    assert await sound.kept.trail.read(lambda c: outbox.unsent(c, 1)) == []
    assert await sound.topic_tells() == ["payment:ch_1"]


async def test_what_the_topic_does_not_take_holds_nothing_up(
    kafka_broker: BrokerAddress, kept: Kept, metrics: Metrics
) -> None:
    if not kafka_broker.idempotent:
        pytest.skip(f"{kafka_broker.name} takes records of any size")
    settings = settings_of(kafka_broker)
    topics = replace(own_topics(), dead="unused", documents="unused", connections="unused")
    admin = make_admin(settings)
    await admin.start()
    await admin.create_topics([NewTopic(topics.events, 1, 1, topic_configs={"max.message.bytes": "200000"})])
    await admin.close()
    door = TrailDoor(kept.trail.fallback)
    for one in (delivery("d-1", 1), delivery("d-2", 2, sealed=b"s" * 400_000), delivery("d-3", 3)):
        await asyncio.wait_for(door.keep(one), 30)

    async with parts(settings, topics, kept, metrics) as here:
        await here.at_rest()
        assert list(dict.fromkeys(await here.topic_tells())) == ["payment:ch_1", "payment:ch_3"]
