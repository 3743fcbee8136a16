"""A client that is ended while its broker does not answer leaves no connection behind."""

import asyncio
import gc
import time
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from service.kafka import clients
from service.kafka.clients import end_consumer, end_producer, make_consumer, start_producer
from service.kafka.settings import KafkaSettings
from service.kafka.topics import ensure_topics
from tests.kafka.cluster import own_topics, until
from tools.parts.broker import Broker


async def reading(settings: KafkaSettings, topic: str) -> Any:
    """A consumer that is a member of its group."""
    consumer = make_consumer(settings, settings.group)
    consumer.subscribe([topic])
    await consumer.start()

    async def is_member() -> bool:
        return bool(consumer.assignment())

    await until(is_member)
    return consumer


async def sending(settings: KafkaSettings, topic: str) -> Any:
    """A producer that has sent."""
    producer = await start_producer(settings)
    await producer.send_and_wait(topic, b"{}")
    return producer


@pytest.mark.parametrize("called_off", [False, True], ids=["in time", "called off"])
@pytest.mark.parametrize(("begun", "end"), [(reading, end_consumer), (sending, end_producer)], ids=["reads", "sends"])
async def test_ended_beside_a_frozen_broker(
    broker: Broker,
    monkeypatch: pytest.MonkeyPatch,
    begun: Callable[[KafkaSettings, str], Awaitable[Any]],
    end: Callable[[Any], Awaitable[None]],
    called_off: bool,
) -> None:
    monkeypatch.setattr(clients, "_STOP_SECONDS", 0.5)
    settings = KafkaSettings(bootstrap=broker.bootstrap, idempotence=broker.idempotent, group=f"g-{time.time_ns()}")
    topics = own_topics()
    await ensure_topics(settings, topics, partitions=1)
    client = await begun(settings, topics.events)
    broker.freeze()
    try:
        if begun is sending:
            await client.send(topics.events, b"{}")  # not answered any more
        ending = asyncio.ensure_future(end(client))
        if called_off:
            await asyncio.wait({ending}, timeout=0.1)
            ending.cancel()
        done, _ = await asyncio.wait({ending}, timeout=30)
    finally:
        broker.thaw()
    assert done
    assert called_off or ending.exception() is None
    inner = client.client if begun is sending else client._client
    assert [conn for conn in inner._conns.values() if conn.connected()] == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del client, inner, ending, done
        gc.collect()
