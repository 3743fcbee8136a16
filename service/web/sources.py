"""The sources as the public listener knows them: a copy of the trail's, refreshed every few seconds and when asked for
a name it does not have, so that a source works as soon as it is configured and the hot path reads no database.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Final, Literal

from consumers.intake import IntakeTrail
from schemas.sources import Source
from service.logs import warn

Unread = Literal["unread"]
UNREAD: Final[Unread] = "unread"


class Sources:
    """`named` answers from the copy. What was read last stays good while the trail cannot be read."""

    def __init__(
        self,
        trail: IntakeTrail,
        *,
        always: Iterable[Source] = (),
        every_seconds: float = 5.0,
        ask_seconds: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`always`: sources that settings give, whose names no other can take (Rutter's own)."""
        self._trail = trail
        self._always = {source.name: source for source in always}
        self._every = every_seconds
        self._ask = ask_seconds
        self._monotonic = monotonic
        self._read: dict[str, Source] | None = None
        self._current = False
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def named(self, name: str) -> Source | Unread | None:
        """The source; None when there is none of that name; `unread` when that cannot be told now."""
        found = self.known(name)
        if found is not None:
            return found
        if self._asking is None:
            self._asking = asyncio.create_task(self._refresh_in_turn())
            self._asking.add_done_callback(self._asked)
        await asyncio.shield(self._asking)
        return self.known(name) or (None if self._current else UNREAD)

    def known(self, name: str) -> Source | None:
        """The source if the copy has it."""
        return self._always.get(name) or (self._read.get(name) if self._read is not None else None)

    async def refresh(self) -> None:
        """Read them now. Never raises: a trail that cannot be read leaves the copy as it is."""
        self._asked_at = self._monotonic()
        try:
            self._read = {source.name: source for source in await self._trail.sources()}
            self._current = True
        except Exception as error:  # noqa: BLE001  # whatever it is, the copy stays and the next turn tries again
            self._current = False
            warn("inbox.trouble", what="sources cannot be read", error=type(error).__name__)

    async def _refresh_in_turn(self) -> None:
        """Whoever asks for an unknown name waits for the next reading together: a source that was configured a moment
        ago is found, and a scan of made-up names costs one reading a second."""
        await asyncio.sleep(max(0.0, self._asked_at + self._ask - self._monotonic()))
        await self.refresh()

    async def keep_fresh(self) -> None:
        """Refresh for ever; run as a task."""
        while True:
            await self.refresh()
            await asyncio.sleep(self._every)

    async def close(self) -> None:
        """Let a refresh that is under way end."""
        if self._asking is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._asking

    def _asked(self, _: asyncio.Task[None]) -> None:
        self._asking = None
