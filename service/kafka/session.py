"""Reading with one consumer."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Final

from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from consumers.inbox import Record, Row, decode_all
from service.kafka.assignment import Assignment
from service.kafka.clients import Consumer
from service.kafka.watch import Watch
from service.logs import warn

MAX_BATCH: Final = 1000
_POLL_MS: Final = 500
_WITNESS_SECONDS: Final = 1.0
_LONGEST_WAIT: Final = 5.0
_OFFSET: Any = OffsetAndMetadata

Store = Callable[[Sequence[Row]], Awaitable[None]]


class Session:
    """The life of one consumer: place, poll, hand over, and go back to the trail's positions when it was not taken."""

    def __init__(self, consumer: Consumer, assignment: Assignment, store: Store, stopping: asyncio.Event) -> None:
        """`store` returns once the rows are in the trail, with their positions."""
        self.watch: Watch | None = None
        self._consumer = consumer
        self._assignment = assignment
        self._store = store
        self._stopping = stopping
        self._failures = 0
        self._stored: dict[TopicPartition, int] = {}
        self._witnessed_at = float("-inf")

    def ready(self) -> bool:
        """Whether it reads and the brokers answer."""
        return self.reading() and self.watch is not None and self.watch.reachable()

    def reading(self) -> bool:
        """Whether it is meant to be reading: placed, and the trail took the last batch."""
        return self._assignment.is_placed() and self._failures == 0

    async def run(self) -> None:
        """Read until told to stop.

        Raises:
            KafkaError: the consumer has to be made anew.
        """
        while not self._stopping.is_set():
            if not self._assignment.is_placed() and not await self._place():
                continue
            polled = await self._consumer.getmany(timeout_ms=_POLL_MS)
            if not self._assignment.is_placed():
                continue  # what was read before a rebalance is read again by whoever has it now
            for batch in _batches(polled):
                if not self._assignment.is_placed() or not await self._stored_or_lifted(batch):
                    break
            await self._witness()
        await self._witness(now=True)

    async def _place(self) -> bool:
        try:
            placed = await self._assignment.place()
        except KafkaError:
            raise
        except Exception as error:  # noqa: BLE001  # the trail cannot be read; polling goes on, paused
            await self._trouble("positions cannot be read", error)
            return False
        if not placed:
            await self._consumer.getmany(timeout_ms=50)
        return placed

    async def _stored_or_lifted(self, rows: Sequence[Row]) -> bool:
        try:
            async with self._assignment.storing:
                await self._store(rows)
        except Exception as error:  # noqa: BLE001  # it is not in the trail, so it is read again
            self._assignment.lift()
            await self._trouble("a batch was not stored", error)
            return False
        self._failures = 0
        for row in rows:
            self._stored[TopicPartition(row.record.topic, row.record.partition)] = row.next_offset
        return True

    async def _trouble(self, what: str, error: Exception) -> None:
        """Say it, and wait while polling, so that the group keeps us."""
        self._failures += 1
        seconds = min(0.1 * 2 ** min(self._failures, 10), _LONGEST_WAIT)
        warn("inbox.trouble", what=what, error=type(error).__name__, again_in_seconds=seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._stopping.is_set():
                    await self._consumer.getmany(timeout_ms=100)

    async def _witness(self, *, now: bool = False) -> None:
        """Commit to Kafka what the trail has, now and then. It decides nothing, so it may fail."""
        at = asyncio.get_running_loop().time()
        mine = {part: offset for part, offset in self._stored.items() if part in self._consumer.assignment()}
        if not mine or (at - self._witnessed_at < _WITNESS_SECONDS and not now):
            return
        self._witnessed_at = at
        try:
            async with asyncio.timeout(_LONGEST_WAIT):
                await self._consumer.commit({part: _OFFSET(offset, "") for part, offset in mine.items()})
        except (KafkaError, TimeoutError) as error:
            warn("kafka.trouble", what="the witness was not committed", why=type(error).__name__)
        else:
            self._stored.clear()


def _batches(polled: dict[TopicPartition, list[Any]]) -> Iterator[list[Row]]:
    """Rows of all partitions, at most `MAX_BATCH` at a time, each partition in its order."""
    batch: list[Row] = []
    for records in polled.values():
        for row in decode_all([_record(record) for record in records]):
            batch.append(row)
            if len(batch) >= MAX_BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _record(record: Any) -> Record:  # noqa: ANN401  # aiokafka's ConsumerRecord
    return Record(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        tuple((name, value if value is not None else b"") for name, value in record.headers),
        record.timestamp,
    )
