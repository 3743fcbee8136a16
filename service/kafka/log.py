"""The log: a delivery is in one batch of one partition, acknowledged by all replicas, or it is not in it for us.

While Kafka does not acknowledge, nobody waits for it: after the first delivery that waited in vain, the next ones are
told no at once, until what was sent in vain lands after all or a new producer starts; then one goes first to try.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.partitioner import murmur2

from consumers.intake import Accepted
from consumers.records import MAX_RECORD, Outgoing, outgoing
from service.deadlines import Deadline
from service.kafka.batches import Batch
from service.kafka.clients import Producer, end_producer, start_producer
from service.kafka.settings import KafkaSettings
from service.kafka.topics import TOPICS
from service.logs import say, warn

ACKNOWLEDGE_SECONDS: Final = 1.5
RETRY_SECONDS: Final = 1.0
_AROUND: Final = 64 * 1024
"""Bytes, generously, of what goes around the records of a delivery."""


class KafkaLog:
    """Fits `service.web.durable.Log`."""

    def __init__(
        self,
        settings: KafkaSettings,
        topic: str = TOPICS.events,
        *,
        acknowledge_seconds: float = ACKNOWLEDGE_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is connected before `start`."""
        self._settings = settings
        self._topic = topic
        self._seconds = acknowledge_seconds
        self._acknowledged_by = Deadline(acknowledge_seconds)
        self._retry = retry_seconds
        self._monotonic = monotonic
        self._producer: Producer | None = None
        self._last: dict[int, Batch] = {}
        """The last batch of each partition: it takes more until it leaves."""
        self._open = False
        self._trying = False
        self._acknowledged_at = float("-inf")
        self._largest = MAX_RECORD
        self._mending: asyncio.Task[None] | None = None

    def ready(self) -> bool:
        """Whether the next delivery would be sent."""
        return self._producer is not None and self._open

    async def start(self) -> None:
        """Connect; when that fails, go on trying while deliveries take the other way."""
        try:
            await self._renew()
        except (KafkaError, TimeoutError, OSError) as error:
            self._shut(type(error).__name__, None)

    async def close(self) -> None:
        """Stop trying, end the producer."""
        if self._mending is not None:
            self._mending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._mending
        await self._end()

    async def append(self, delivery: Accepted) -> bool:
        """Send and wait for all replicas. False: not acknowledged in time, or Kafka is known to be away."""
        producer = self._producer
        if producer is None or not (self._open or self._try_first()):
            return False
        batch: Batch | None = None
        try:
            with self._acknowledged_by.begun():
                batch = await self._send(producer, delivery)
                if batch is None:
                    return False
                await batch.acknowledged()
        except TimeoutError:
            self._in_vain(batch)
            return False
        except Exception as error:  # noqa: BLE001  # whatever it is, the delivery has another way
            self._failed(producer, delivery, error)
            return False
        finally:
            self._trying = False
        self._acknowledged_at = self._monotonic()
        if not self._open:
            self._open = True
            say("kafka.trouble", what="over; deliveries go to Kafka again")
        return True

    async def _send(self, producer: Producer, delivery: Accepted) -> Batch | None:
        """The batch that it travels in; None when it is more than a batch holds: the trail takes it whole."""
        records = outgoing(delivery)
        if _size(records) >= self._largest:
            return None
        key = delivery.connection.encode()
        partition = _partition(key, len(await producer.partitions_for(self._topic)))
        last = self._last.get(partition)
        if last is not None and last.takes(key, records):
            return last
        batch = Batch(producer)
        if not batch.takes(key, records):
            return None
        batch.send(self._topic, partition, last)
        self._last[partition] = batch
        return batch

    def _try_first(self) -> bool:
        """One delivery goes ahead of the others to see whether Kafka is back."""
        if self._mending is not None or self._trying:
            return False
        self._trying = True
        return True

    def _in_vain(self, batch: Batch | None) -> None:
        """No acknowledgement in time; if others are acknowledged meanwhile, it is this one's bad luck."""
        if self._monotonic() - self._acknowledged_at > self._seconds:
            self._shut("no acknowledgement in time", batch.landing if batch is not None else None)

    def _failed(self, producer: Producer, delivery: Accepted, error: Exception) -> None:
        size = _size(outgoing(delivery))
        if isinstance(error, MessageSizeTooLargeError) and size > _AROUND:
            self._largest = min(self._largest, size)  # a small one only shared a batch that was too large
        # After a refusal the idempotent producer has counted a record the broker has not: it would refuse all that
        # follow. A new producer counts from the start.
        if producer is self._producer:
            self._shut(type(error).__name__, None)

    def _shut(self, why: str, landing: asyncio.Task[bool] | None) -> None:
        if self._mending is None:
            self._open = False
            warn("kafka.trouble", what="deliveries go straight into the trail", why=why)
            self._mending = asyncio.create_task(self._mend(landing))
            self._mending.add_done_callback(self._mended)

    def _mended(self, _: asyncio.Task[None]) -> None:
        self._mending = None

    async def _mend(self, landing: asyncio.Task[bool] | None) -> None:
        """Until something sent lands, or a new producer runs."""
        if landing is not None:
            done, _ = await asyncio.wait([landing], timeout=self._retry * 10)
            if done and landing.result():
                self._open = True
                self._acknowledged_at = self._monotonic()
                say("kafka.trouble", what="over; deliveries go to Kafka again")
                return
        while True:
            try:
                await self._renew()
            except (KafkaError, TimeoutError, OSError):
                await asyncio.sleep(self._retry)
            else:
                return

    async def _renew(self) -> None:
        """A new producer that knows the topic; it is trusted with one delivery first, unless it is the first ever."""
        first = self._producer is None and self._mending is None
        await self._end()
        producer = await start_producer(self._settings)
        try:
            async with asyncio.timeout(self._seconds):
                await producer.partitions_for(self._topic)
        except BaseException:
            await end_producer(producer)
            raise
        self._producer, self._open = producer, first

    async def _end(self) -> None:
        producer, self._producer = self._producer, None
        self._last.clear()
        if producer is not None:
            await end_producer(producer)


@lru_cache(maxsize=4096)
def _partition(key: bytes, count: int) -> int:
    """As Java's and aiokafka's own producers choose: an upstream publisher's records of a connection meet ours."""
    return (int(murmur2(key)) & 0x7FFF_FFFF) % count


def _size(records: tuple[Outgoing, ...]) -> int:
    return sum(record.size for record in records)
