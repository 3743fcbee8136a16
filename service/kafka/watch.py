"""Noticing a consumer that is stuck: aiokafka 0.14 can stay so after a broker restarts (its issue 1154), silently.

Asks the brokers themselves how long the partitions are; it is stuck when records wait and its position does not move,
or when the brokers cannot be asked, for longer than it is given.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka.errors import KafkaError

from service.kafka.clients import Consumer


class StuckError(Exception):
    """The consumer has to be made anew."""


class Watch:
    """Looks every `every` seconds; `reading` tells whether it is meant to be reading now."""

    def __init__(
        self,
        consumer: Consumer,
        reading: Callable[[], bool],
        *,
        every: float,
        stuck_after: float,
        monotonic: Callable[[], float],
    ) -> None:
        """`stuck_after` in seconds."""
        self._consumer = consumer
        self._reading = reading
        self._every = every
        self._stuck_after = stuck_after
        self._monotonic = monotonic
        self._moved_at = self._asked_at = monotonic()
        self._stood: dict[Any, int] = {}

    def reachable(self) -> bool:
        """Whether the brokers answered lately."""
        return self._monotonic() - self._asked_at <= 3 * self._every

    async def run(self) -> None:
        """Watch until it is stuck.

        Raises:
            StuckError: it is.
        """
        while True:
            await asyncio.sleep(self._every)
            try:
                async with asyncio.timeout(self._every):
                    waiting = await self._look()
                self._asked_at = self._monotonic()
            except (KafkaError, TimeoutError, OSError):
                waiting = True
            now = self._monotonic()
            if not waiting or not self._reading():
                self._moved_at = now
            if now - self._asked_at > self._stuck_after:
                raise StuckError("brokers do not answer")
            if now - self._moved_at > self._stuck_after:
                raise StuckError("records wait and none is read")

    async def _look(self) -> bool:
        """Whether records wait although nothing moved since the last look."""
        parts = self._consumer.assignment()
        if not parts:
            await self._consumer.topics()
            return False
        ends = await self._consumer.end_offsets(parts)
        stand = {part: await self._consumer.position(part) for part in parts}
        moved, self._stood = stand != self._stood, stand
        return not moved and any(ends[part] > stand[part] for part in parts)
