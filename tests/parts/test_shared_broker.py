"""The run's broker carries records, whichever broker it is."""

import asyncio
import secrets
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tools.parts.shared import BrokerAddress

# aiokafka has no types; strict checking wants its calls through something that may be anything.
Producer: Any = AIOKafkaProducer
Consumer: Any = AIOKafkaConsumer
Admin: Any = AIOKafkaAdminClient
Topic: Any = NewTopic
Partition: Any = TopicPartition


async def test_a_record_comes_out_as_it_went_in(kafka_broker: BrokerAddress) -> None:
    topic = f"parts-{secrets.token_hex(4)}"
    await create(kafka_broker.bootstrap, topic)

    await send(kafka_broker.bootstrap, topic, b"acme", b'{"amount":3058}', idempotent=kafka_broker.idempotent)

    assert await first_of(kafka_broker.bootstrap, topic) == (b"acme", b'{"amount":3058}', 0)


async def test_a_group_goes_on_where_it_committed(kafka_broker: BrokerAddress) -> None:
    topic = f"parts-{secrets.token_hex(4)}"
    await create(kafka_broker.bootstrap, topic)
    for value in (b"1", b"2"):
        await send(kafka_broker.bootstrap, topic, b"acme", value, idempotent=kafka_broker.idempotent)

    seen = [await next_of_group(kafka_broker.bootstrap, topic, "parts") for _ in range(2)]

    assert seen == [b"1", b"2"]


async def create(bootstrap: str, topic: str) -> None:
    admin = Admin(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([Topic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, key: bytes, value: bytes, *, idempotent: bool) -> None:
    producer = Producer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=idempotent)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key=key)
    finally:
        await producer.stop()


async def first_of(bootstrap: str, topic: str) -> tuple[bytes, bytes, int]:
    consumer = Consumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        record = await asyncio.wait_for(consumer.getone(), 20)
        return record.key, record.value, record.offset
    finally:
        await consumer.stop()


async def next_of_group(bootstrap: str, topic: str, group: str) -> bytes:
    # Assigned, not subscribed: joining a group takes Tansu 5 s, joining it again 18 s.
    consumer = Consumer(
        bootstrap_servers=bootstrap,
        group_id=f"{group}-{topic}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        consumer.assign([Partition(topic, 0)])
        value: bytes = (await asyncio.wait_for(consumer.getone(), 20)).value
        await consumer.commit()
        return value
    finally:
        await consumer.stop()
