"""Slots: how many requests of one connection are at Rutter at the same time.

More events are in hand than there are slots, so that the next request is planned while the others wait for an answer,
and an answer is recorded without holding the next request up.
"""

import asyncio
from types import TracebackType
from typing import Self


class Slot:
    """Use as `async with Slot(slots) as slot:`; `release` gives it back before the block ends."""

    __slots__ = ("_held", "_slots")

    def __init__(self, slots: asyncio.Semaphore) -> None:
        """`slots` are shared by all events of a connection."""
        self._slots = slots
        self._held = False

    async def __aenter__(self) -> Self:
        await self._slots.acquire()
        self._held = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """The answer is there. Once is enough, twice does no harm."""
        if self._held:
            self._held = False
            self._slots.release()
