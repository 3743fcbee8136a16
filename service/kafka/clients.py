"""aiokafka's clients, made and ended the same way everywhere. aiokafka has no types: this is the one door to it."""

import asyncio
import contextlib
from collections.abc import Iterable
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
_LET_GO_SECONDS: Final = 1.0
_OF_THE_GROUP: Final = ("_coordination_task", "_heartbeat_task", "_commit_refresh_task")
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
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.client.close()
            await producer.stop()
    except BaseException as error:  # after a fatal answer its own bookkeeping raises KeyError and the like
        sender = producer._sender  # noqa: SLF001  # as below
        producer._closed = True  # noqa: SLF001  # as `stop` would have it, which may not have begun
        await _let_go(producer.client, [] if sender is None else [sender.sender_task])
        if not isinstance(error, Exception):
            raise


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
    except BaseException as error:
        group, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001  # nothing public ends them alone
        tasks = [getattr(group, name, None) for name in _OF_THE_GROUP]
        await _let_go(consumer._client, [*tasks, getattr(fetcher, "_fetch_task", None)])  # noqa: SLF001  # as above
        if not isinstance(error, KafkaError | TimeoutError | OSError):
            raise


async def _let_go(client: Any, tasks: Iterable[asyncio.Task[Any] | None]) -> None:  # noqa: ANN401  # no types there
    """What a `stop` that was cut short leaves: connections, and tasks that would open others."""
    left = [task for task in tasks if task is not None and not task.done()]
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=_LET_GO_SECONDS)
    with contextlib.suppress(KafkaError, TimeoutError, OSError):
        async with asyncio.timeout(_LET_GO_SECONDS):
            await client.close()


def make_admin(settings: KafkaSettings) -> Any:  # noqa: ANN401  # no types there
    """An admin client, not started."""
    return _ADMIN(**settings.client_arguments(), request_timeout_ms=_REQUEST_MS)
