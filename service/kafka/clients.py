"""aiokafka's clients, made and ended the same way everywhere. aiokafka has no types: this is the one door to it."""

import asyncio
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from service.kafka.settings import KafkaSettings

Producer = Any
"""aiokafka.AIOKafkaProducer"""
Consumer = Any
"""aiokafka.AIOKafkaConsumer"""

MAX_REQUEST: Final = 5 * 1024 * 1024
"""A record of 4 MiB and what goes around it."""
MAX_BATCH: Final = 900 * 1024
"""Under the 1 MiB that a broker takes unless told otherwise: one large batch must not fail many deliveries."""
_REQUEST_MS: Final = 10_000
_STOP_SECONDS: Final = 5.0
_PRODUCER: Any = AIOKafkaProducer
_CONSUMER: Any = AIOKafkaConsumer
_ADMIN: Any = AIOKafkaAdminClient


async def start_producer(settings: KafkaSettings) -> Producer:
    """A running producer; raises `KafkaError` or `TimeoutError` when the brokers cannot be reached."""
    producer = _PRODUCER(
        **settings.client_arguments(),
        acks="all",
        enable_idempotence=settings.idempotence,
        max_request_size=MAX_REQUEST,
        max_batch_size=MAX_BATCH,
        request_timeout_ms=_REQUEST_MS,
    )
    try:
        async with asyncio.timeout(_REQUEST_MS / 1000):
            await producer.start()
    except BaseException:
        await end_producer(producer)
        raise
    return producer


async def end_producer(producer: Producer) -> None:
    """End it within seconds, even one whose brokers are gone: what is unsent fails, rather than being waited for."""
    try:
        producer._message_accumulator.fail_all(KafkaError("the producer was ended"))  # noqa: SLF001  # `stop` alone waits for ever
        await producer.client.close()
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except Exception:  # noqa: BLE001  # after a fatal answer its own bookkeeping raises KeyError and the like
        return


def make_consumer(settings: KafkaSettings, group: str) -> Consumer:
    """A consumer that commits nothing by itself and skips what a transaction took back."""
    return _CONSUMER(
        **settings.client_arguments(),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        request_timeout_ms=_REQUEST_MS,
        session_timeout_ms=10_000,
        heartbeat_interval_ms=2_000,
        fetch_max_wait_ms=500,
        metadata_max_age_ms=60_000,
    )


async def end_consumer(consumer: Consumer) -> None:
    """Leave the group and close, within seconds."""
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await consumer.stop()
    except (KafkaError, TimeoutError, OSError):
        return


def make_admin(settings: KafkaSettings) -> Any:  # noqa: ANN401  # no types there
    """An admin client, not started."""
    return _ADMIN(**settings.client_arguments(), request_timeout_ms=_REQUEST_MS)
