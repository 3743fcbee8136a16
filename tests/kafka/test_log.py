"""The log as other readers of the topic see it."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from unittest.mock import ANY

import pytest
from aiokafka import TopicPartition

from consumers.intake import Accepted, DeliveryStatus
from schemas.events import Event, NotAnEvent, parse_event
from service.kafka.log import KafkaLog
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics
from tests.kafka.cluster import STRUCTURED, everything, publish
from tests.web.told import body, payment


def delivery(name: str, *numbers: int) -> Accepted:
    return Accepted(
        id=name,
        source="acme-shop",
        connection="acme",
        received_at=datetime(2026, 11, 2, tzinfo=UTC),
        status=DeliveryStatus.TOLD if numbers else DeliveryStatus.UNREADABLE,
        reason=None if numbers else "must be the natural key",
        path=None if numbers else "$.id",
        sealed=b"sealed",
        events=tuple(event(number) for number in numbers),
    )


def event(number: int) -> Event:
    read = parse_event(body(payment(f"ch_{number}")))
    assert not isinstance(read, NotAnEvent)
    return read


async def test_a_connections_records_keep_their_order_beside_an_upstream_systems(
    log: KafkaLog, settings: KafkaSettings, topics: Topics
) -> None:
    await publish(settings.bootstrap, topics.events, body(payment("ch_0")), STRUCTURED)
    for name, numbers in (("d-1", [1]), ("d-2", [2, 3, 4]), ("d-3", [5])):
        assert await log.append(delivery(name, *numbers))

    records = await everything(settings.bootstrap, topics.events)

    assert [json.loads(record.value)["id"] for record in records] == [f"payment:ch_{n}" for n in range(6)]
    assert len({record.partition for record in records}) == 1
    assert {record.key for record in records} == {b"acme"}
    assert {dict(record.headers)["content-type"] for record in records} == {b"application/cloudevents+json"}


async def test_a_delivery_without_events_is_told_too(log: KafkaLog, settings: KafkaSettings, topics: Topics) -> None:
    assert await log.append(delivery("d-1"))

    (record,) = await everything(settings.bootstrap, topics.events)

    assert json.loads(record.value) == {
        "specversion": "1.0",
        "id": "d-1",
        "source": "acme-shop",
        "type": "delivery.unreadable",
        "connection": "acme",
        "time": "2026-11-02T00:00:00Z",
        "datacontenttype": "application/json",
        "data": {"delivery": {"reason": "must be the natural key", "path": "$.id"}},
    }


async def test_more_than_a_batch_holds_is_not_torn_apart(
    log: KafkaLog, settings: KafkaSettings, topics: Topics
) -> None:
    assert not await log.append(delivery("d-1", *range(2000)))
    assert await log.append(delivery("d-2", 1))

    assert len(await everything(settings.bootstrap, topics.events)) == 1


async def test_deliveries_that_come_together_are_each_whole_and_each_once(
    log: KafkaLog, settings: KafkaSettings, topics: Topics
) -> None:
    """Some while the first batch is on its way, and more than one batch holds."""
    deliveries = [replace(delivery(f"d-{n}", 2 * n, 2 * n + 1), sealed=b"s" * 20_000) for n in range(100)]

    assert all(await asyncio.gather(*(log.append(one) for one in deliveries)))

    records = await everything(settings.bootstrap, topics.events)
    assert [json.loads(record.value)["id"] for record in records] == [f"payment:ch_{n}" for n in range(200)]
    assert {dict(record.headers)["delivery"].partition(b"\n")[2] for record in records[::2]} == {b"s" * 20_000}


async def test_whoever_stops_waiting_takes_nobody_along(log: KafkaLog, settings: KafkaSettings, topics: Topics) -> None:
    waiting = [asyncio.create_task(log.append(delivery(f"d-{n}", n))) for n in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()

    assert await asyncio.gather(*waiting, return_exceptions=True) == [ANY, True, True]

    assert len(await everything(settings.bootstrap, topics.events)) == 3


async def test_a_producer_that_the_broker_no_longer_follows_is_replaced(
    settings: KafkaSettings, topics: Topics
) -> None:
    """Out of sequence is an idempotent producer's end, and aiokafka's own `stop` fails after it."""
    if not settings.idempotence:
        pytest.skip("this broker counts no sequences")
    log = KafkaLog(settings, topics.events, retry_seconds=0.05)
    await log.start()
    assert await log.append(delivery("d-1", 1))
    (record,) = await everything(settings.bootstrap, topics.events)
    at = TopicPartition(topics.events, record.partition)
    cast("Any", log)._producer._txn_manager.increment_sequence_number(at, 7)

    assert not await log.append(delivery("d-2", 2))

    async with asyncio.timeout(60):
        while not await log.append(delivery("d-3", 3)):  # noqa: ASYNC110 - the delivery itself asks
            await asyncio.sleep(0.02)
    await log.close()
    assert len(await everything(settings.bootstrap, topics.events)) == 2
