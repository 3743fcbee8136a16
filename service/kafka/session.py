"""Reading with one consumer."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
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
        self._storing: asyncio.Task[None] | None = None
        self._stored_to: dict[TopicPartition, int] = {}
        self._witnessed_at = float("-inf")

    def ready(self) -> bool:
        """Whether it reads and the brokers answer."""
        return self.reading() and self.watch is not None and self.watch.reachable()

    def reading(self) -> bool:
        """Whether it is meant to be reading: placed, and the trail took the last batch."""
        return self._assignment.is_placed() and self._failures == 0

    async def run(self) -> None:
        """Read until told to stop. While one batch is being stored the next is read; it is stored after it, or never.

        Raises:
            KafkaError: the consumer has to be made anew.
        """
        try:
            while not self._stopping.is_set():
                if not self._assignment.is_placed() and not await self._place():
                    continue
                await self._step()
                await self._witness()
            await self._in_the_trail()
        finally:
            if self._storing is not None:
                self._storing.cancel()
                await asyncio.gather(self._storing, return_exceptions=True)
        await self._witness(now=True)

    async def _step(self) -> None:
        polled = await self._consumer.getmany(timeout_ms=0 if self._storing else _POLL_MS, max_records=MAX_BATCH)
        batch = _rows(polled) if self._assignment.is_placed() else []
        if await self._in_the_trail() and batch:
            self._storing = asyncio.create_task(self._stored(batch))
            await asyncio.sleep(0)  # it is handed to the trail's thread before the next is read

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

    async def _stored(self, rows: Sequence[Row]) -> None:
        """Store what was read, unless a rebalance came in between: then whoever has it now reads it again."""
        async with self._assignment.storing:
            if not self._assignment.is_placed():
                return
            await self._store(rows)
        for row in rows:
            self._stored_to[TopicPartition(row.record.topic, row.record.partition)] = row.next_offset

    async def _in_the_trail(self) -> bool:
        """Wait for the batch in hand. False: the trail has not taken it, and what was read after it is read again."""
        storing, self._storing = self._storing, None
        if storing is None:
            return True
        try:
            await storing
        except Exception as error:  # noqa: BLE001  # it is not in the trail, so it is read again
            self._assignment.lift()
            await self._trouble("a batch was not stored", error)
            return False
        self._failures = 0
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
        mine = {part: offset for part, offset in self._stored_to.items() if part in self._consumer.assignment()}
        if not mine or (at - self._witnessed_at < _WITNESS_SECONDS and not now):
            return
        self._witnessed_at = at
        try:
            async with asyncio.timeout(_LONGEST_WAIT):
                await self._consumer.commit({part: _OFFSET(offset, "") for part, offset in mine.items()})
        except (KafkaError, TimeoutError) as error:
            warn("kafka.trouble", what="the witness was not committed", why=type(error).__name__)
        else:
            self._stored_to.clear()


def _rows(polled: dict[TopicPartition, list[Any]]) -> list[Row]:
    """Of all partitions, each in its order."""
    return [row for records in polled.values() for row in decode_all([_record(record) for record in records])]


def _record(record: Any) -> Record:  # noqa: ANN401  # aiokafka's ConsumerRecord
    return Record(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        tuple([(name, value or b"") for name, value in record.headers]),
        record.timestamp,
    )
