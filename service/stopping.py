"""Ending within one span of time, shared by all parts: whoever runs the process kills it soon after."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from typing import Final

from service.logs import warn

STOP_SECONDS: Final = 7.5
"""For the last steps of all parts together. Ten seconds is when most schedulers kill."""
LEAST_SECONDS: Final = 0.2
"""What a part gets when nothing is left, to close what can be closed at once."""
CLOSING_SECONDS: Final = 0.5
"""Of a loop's time, for closing what it used once it has ended or was cancelled."""
CERTAINLY_SECONDS: Final = 9.5


class Stopping:
    """Tells all parts at once to take their last steps, side by side, and gives each what is left of the time."""

    def __init__(self, seconds: float = STOP_SECONDS) -> None:
        """`seconds` from `begin` on."""
        self._seconds = seconds
        self._by: float | None = None
        self._tells: list[Callable[[], None]] = []

    def tell(self, *parts: Callable[[], None]) -> None:
        """Have these called when it begins."""
        self._tells += parts

    def begin(self) -> None:
        """From now on the time runs."""
        self._by = asyncio.get_running_loop().time() + self._seconds
        for tell in self._tells:
            tell()

    def left(self) -> float:
        """Seconds; before `begin` all of them."""
        return self._seconds if self._by is None else max(0.0, self._by - asyncio.get_running_loop().time())

    async def within(self, what: str, end: Callable[[], Awaitable[None]]) -> None:
        """End a part; cut it short when the time is over. What is stored is stored: nothing that counts is lost."""
        try:
            async with asyncio.timeout(max(self.left(), LEAST_SECONDS)):
                await end()
        except TimeoutError:
            warn("service.cut_short", what=what)


def last_resort(seconds: float = CERTAINLY_SECONDS) -> None:
    """End this process after that time come what may: also where a thread hangs in the database's driver."""

    def end() -> None:
        warn("service.cut_short", what="the process")
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
