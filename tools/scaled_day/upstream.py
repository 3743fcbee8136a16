"""An upstream system that writes canonical events to Kafka itself: a plain client, with nothing of Ledgerhook's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

TOPIC: Final = "ledgerhook.events"
DOCUMENTS: Final = "ledgerhook.documents"
_PRODUCER: Any = AIOKafkaProducer  # aiokafka has no types
_CONSUMER: Any = AIOKafkaConsumer


class PlainPublisher:
    """One record an event, its key the connection, in CloudEvents' structured mode."""

    def __init__(self, producer: Any) -> None:  # noqa: ANN401 - as above
        """The producer runs already."""
        self._producer = producer

    async def publish(self, connection: str, event: bytes) -> None:
        """Write one record and wait until it is acknowledged."""
        headers = [("content-type", b"application/cloudevents+json")]
        await self._producer.send_and_wait(TOPIC, event, key=connection.encode(), headers=headers)


@asynccontextmanager
async def plain_publisher(bootstrap: str, *, idempotent: bool) -> AsyncIterator[PlainPublisher]:
    """A producer for the time of the block."""
    producer = _PRODUCER(bootstrap_servers=bootstrap, acks="all", enable_idempotence=idempotent)
    await producer.start()
    try:
        yield PlainPublisher(producer)
    finally:
        await producer.stop()


async def read_all(bootstrap: str, topic: str) -> list[bytes]:
    """Every record's value, from the beginning to what is the end now."""
    consumer = _CONSUMER(topic, bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        ends = await consumer.end_offsets(partitions)
        found: list[bytes] = []
        while any([await consumer.position(at) < ends[at] for at in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [record.value for record in records]
        return found
    finally:
        await consumer.stop()


async def end_offsets(bootstrap: str) -> dict[int, int]:
    """How far each partition of the topic goes."""
    consumer = _CONSUMER(TOPIC, bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(TOPIC, number) for number in sorted(consumer.partitions_for_topic(TOPIC))]
        found: dict[Any, int] = await consumer.end_offsets(partitions)
        return {at.partition: offset for at, offset in found.items()}
    finally:
        await consumer.stop()
