"""Slots: how many requests of one connection are at Rutter at the same time.

More events are in hand than there are slots, so that the next request is planned while the others wait for an answer,
and an answer is recorded without holding the next request up. What happens now takes the next free slot, before any
backfill that waits for one; the backfill keeps a share.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

PATIENCE: Final = 3
"""So many live events may take a slot while backfill waits for one; then it is the backfill's turn."""


class Slots:
    """So many slots, and two lines that wait for one."""

    def __init__(self, free: int) -> None:
        """Args: `free` how many there are."""
        self._free = free
        self._lines: dict[bool, deque[asyncio.Future[None]]] = {False: deque(), True: deque()}
        self._passed = 0
        """Live events that went before backfill which waits."""

    async def acquire(self, *, behind: bool) -> None:
        """Wait for a slot. `behind`: for backfill."""
        if self._free:
            self._free -= 1
            return
        waiting = asyncio.get_running_loop().create_future()
        self._lines[behind].append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self.release()  # it was given to us just as we were called off
            raise

    def release(self) -> None:
        """Give it to whoever is next, or back."""
        if not self._give_on():
            self._free += 1

    def _give_on(self) -> bool:
        live, backfill = (self._still_waiting(behind) for behind in (False, True))
        if not live and not backfill:
            return False
        behind = bool(backfill) and (not live or self._passed >= PATIENCE)
        self._passed = self._passed + 1 if backfill and not behind else 0
        self._lines[behind].popleft().set_result(None)
        return True

    def _still_waiting(self, behind: bool) -> bool:
        line = self._lines[behind]
        while line and line[0].cancelled():
            line.popleft()
        return bool(line)


@dataclass(frozen=True, slots=True)
class Lane:
    """The slots, as one kind of event sees them."""

    slots: Slots
    behind: bool

    async def acquire(self) -> None:
        """Wait for one."""
        await self.slots.acquire(behind=self.behind)

    def release(self) -> None:
        """Give it back."""
        self.slots.release()


class Slot:
    """Use as `async with Slot(lane) as slot:`; `release` gives it back before the block ends."""

    __slots__ = ("_held", "_lane")

    def __init__(self, lane: Lane) -> None:
        """Its slots are shared by all events of a connection."""
        self._lane = lane
        self._held = False

    async def __aenter__(self) -> Self:
        await self._lane.acquire()
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
            self._lane.release()
