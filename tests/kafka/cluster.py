"""What tests do to Kafka with a plain client, nothing of ours between."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition

from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics
from tools.parts.shared import BrokerAddress

Producer: Any = AIOKafkaProducer
Consumer: Any = AIOKafkaConsumer
Headers = Sequence[tuple[str, bytes]]

STRUCTURED = [("content-type", b"application/cloudevents+json")]


def own_topics() -> Topics:
    """Names that no other test has."""
    mark = secrets.token_hex(4)
    return Topics(f"events-{mark}", f"dead-{mark}", f"documents-{mark}", f"connections-{mark}")


def settings_of(broker: BrokerAddress) -> KafkaSettings:
    return KafkaSettings(
        bootstrap=broker.bootstrap, idempotence=broker.idempotent, group=f"inbox-{secrets.token_hex(4)}"
    )


async def publish(
    bootstrap: str, topic: str, value: bytes | None, headers: Headers = (), *, key: bytes = b"acme"
) -> Any:
    """Answers where the record went."""
    producer = Producer(bootstrap_servers=bootstrap, acks="all", max_request_size=6 * 1024 * 1024)
    try:
        await producer.start()
        return await producer.send_and_wait(topic, value, key=key, headers=list(headers))
    finally:
        await producer.stop()


async def everything(bootstrap: str, topic: str) -> list[Any]:
    """All records that the topic has now, partition by partition."""
    consumer = Consumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    try:
        await consumer.start()
        parts = [TopicPartition(topic, number) for number in await consumer._client._wait_on_metadata(topic)]
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        found: list[Any] = []
        while any([await consumer.position(part) < ends[part] for part in parts]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found.extend(records)
        return sorted(found, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


async def committed(bootstrap: str, group: str, topic: str) -> dict[int, int]:
    """What Kafka has as the group's offsets."""
    consumer = Consumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        parts = [TopicPartition(topic, number) for number in await consumer._client._wait_on_metadata(topic)]
        offsets = {part.partition: await consumer.committed(part) for part in parts}
        return {partition: offset for partition, offset in offsets.items() if offset is not None}
    finally:
        await consumer.stop()


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until it holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  # what is waited for is in a database or a broker
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(part: Any) -> AsyncIterator[Any]:
    """`part.run()` as a task while the block runs; stopped as a shutdown does."""
    task = asyncio.create_task(part.run())
    try:
        yield part
    finally:
        part.stop()
        await asyncio.wait_for(task, 60)
