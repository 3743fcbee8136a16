"""Making a delivery durable before it is answered: in Kafka when it acknowledges in time, else in the trail."""

import asyncio
from collections import deque
from enum import StrEnum
from typing import Final, Protocol

from consumers.intake import Accepted, IntakeTrail
from service.metrics import Metrics
from service.storing import HopelessError, ToStore, store

MAX_WAITING: Final = 2000
MAX_BATCH: Final = 250


class Route(StrEnum):
    """Where the delivery went."""

    KAFKA = "kafka"
    TRAIL = "trail"


class Log(Protocol):
    """The Kafka log. False: not acknowledged. It may still land, and the trail, told twice, keeps it once."""

    async def append(self, delivery: Accepted) -> bool:
        """Send one batch and wait for all replicas, no longer than the log's own bound."""
        ...


class FullError(Exception):
    """More deliveries wait for the trail than it is let to collect."""


class TrailDoor:
    """Straight into the trail. What arrives while a transaction runs goes into the next one together."""

    def __init__(self, trail: IntakeTrail, *, max_waiting: int = MAX_WAITING, max_batch: int = MAX_BATCH) -> None:
        """Each bound is a number of deliveries."""
        self._trail = trail
        self._max_waiting = max_waiting
        self._max_batch = max_batch
        self._waiting: deque[tuple[Accepted, asyncio.Future[None]]] = deque()
        self._drain: asyncio.Task[None] | None = None

    async def keep(self, delivery: Accepted) -> Route:
        """Returns once it is stored.

        Raises:
            FullError: too many wait already.
            Exception: whatever the trail raises.
        """
        if len(self._waiting) >= self._max_waiting:
            raise FullError("too many deliveries wait for the trail")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, stored))
        if self._drain is None:
            self._drain = asyncio.create_task(self._store_waiting())
        await stored
        return Route.TRAIL

    async def close(self) -> None:
        """Wait until what was taken is stored."""
        while self._drain is not None:
            await asyncio.wait([self._drain])

    async def _store_waiting(self) -> None:
        try:
            while self._waiting:
                turn = min(len(self._waiting), self._max_batch)
                batch = [self._waiting.popleft() for _ in range(turn)]
                # Whoever waited in vain has been answered and will send again: storing it now helps nobody.
                await self._store([(delivery, stored) for delivery, stored in batch if not stored.done()])
        finally:
            self._drain = None

    async def _store(self, batch: list[tuple[Accepted, asyncio.Future[None]]]) -> None:
        futures = {delivery.id: stored for delivery, stored in batch}

        async def hopeless(row: ToStore, error: HopelessError) -> None:
            if row.delivery is not None and not futures[row.delivery.id].done():
                futures[row.delivery.id].set_exception(error)

        try:
            await store(self._trail, [ToStore(delivery) for delivery, _ in batch], hopeless)
        except Exception as error:  # noqa: BLE001  # each request answers for itself
            for _, stored in batch:
                if not stored.done():
                    stored.set_exception(error)
        else:
            for _, stored in batch:
                if not stored.done():
                    stored.set_result(None)


class LogThenTrail:
    """Kafka first; what it does not acknowledge in time goes straight into the trail."""

    def __init__(self, log: Log, trail: TrailDoor, metrics: Metrics) -> None:
        """`log` bounds its own waiting."""
        self._log = log
        self._trail = trail
        self._metrics = metrics

    async def keep(self, delivery: Accepted) -> Route:
        """Returns once it is stored.

        Raises:
            FullError: neither route, and too many wait for the trail.
            Exception: neither route, and whatever the trail raises.
        """
        if await self._log.append(delivery):
            return Route.KAFKA
        self._metrics.fallbacks.inc()
        return await self._trail.keep(delivery)


Durable = TrailDoor | LogThenTrail
