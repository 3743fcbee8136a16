"""Where reading stands. The trail decides: whenever partitions are assigned, or the trail refused a batch, reading goes
on at the trail's positions. What Kafka has as committed is a witness: it is never ahead, unless the trail went back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError

from consumers.intake import IntakeTrail
from service.kafka.clients import Consumer
from service.logs import say, warn

_HAND_OVER_SECONDS: Final = 5.0
_ASK_SECONDS: Final = 10.0
_LISTENER: Any = ConsumerRebalanceListener


@dataclass(frozen=True, slots=True)
class WentBack:
    """The trail stands behind what it once had: it was restored from a backup."""

    topic: str
    partition: int
    trail: int
    kafka: int


OnWentBack = Callable[[WentBack], Awaitable[None]]


class Assignment(_LISTENER):  # type: ignore[misc]  # aiokafka has no types
    """Hears of rebalances, and places the consumer. Until it is placed every partition is paused."""

    def __init__(self, consumer: Consumer, trail: IntakeTrail, topic: str, on_went_back: OnWentBack | None) -> None:
        """`on_went_back` is told before the first record is read again."""
        self._placed = False
        self.storing = asyncio.Lock()
        self._consumer = consumer
        self._trail = trail
        self._topic = topic
        self._on_went_back = on_went_back
        self._turn = 0
        self._joined = False

    def is_placed(self) -> bool:
        """Whether reading stands where the trail does."""
        return self._placed

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Let the batch in hand be stored before another takes the partitions over; a slow one is stored twice."""
        self._placed = False
        self._turn += 1
        if revoked:
            try:
                async with asyncio.timeout(_HAND_OVER_SECONDS):
                    await self.storing.acquire()
                self.storing.release()
            except TimeoutError:
                return

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Nothing is read from them before they are placed."""
        self._placed = False
        self._joined = True
        self._turn += 1
        self._consumer.pause(*assigned)
        say("inbox.assigned", partitions=",".join(str(part.partition) for part in sorted(assigned)))

    def lift(self) -> None:
        """Stop reading until placed again: the trail has not taken what was read."""
        self._placed = False
        for part in self._consumer.assignment():
            self._consumer.pause(part)

    async def place(self) -> bool:
        """Go to the trail's positions and read. False: not in the group yet, or a rebalance came in between.

        Raises:
            Exception: whatever the trail raises while it cannot be read; KafkaError, TimeoutError.
        """
        if not self._joined:
            return False
        turn = self._turn
        assigned = self._consumer.assignment()
        positions = await self._trail.positions(self._topic)
        async with asyncio.timeout(_ASK_SECONDS):
            await self._compare(assigned, positions)
        if turn != self._turn:
            return False
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                for part in assigned:
                    if part.partition in positions:
                        self._consumer.seek(part, positions[part.partition])
                    else:
                        await self._consumer.seek_to_beginning(part)
            if turn != self._turn:
                return False
            self._consumer.resume(*assigned)
        except IllegalStateError:
            return False  # a partition was taken away a moment ago
        self._placed = self._joined
        return self._placed

    async def _compare(self, assigned: set[TopicPartition], positions: Mapping[int, int]) -> None:
        for part in assigned:
            committed = await self._consumer.committed(part)
            trail = positions.get(part.partition, 0)
            if committed is not None and committed > trail:
                warn(
                    "inbox.trouble", what="the trail went back", partition=part.partition, trail=trail, kafka=committed
                )
                if self._on_went_back is not None:
                    await self._on_went_back(WentBack(self._topic, part.partition, trail, committed))
