"""Tasks that run as long as the process: one that fails is told, and begun again after a growing wait."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from service.logs import say

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 30.0


@dataclass(slots=True)
class Tasks:
    """Named tasks. `alive` says which are running, not waiting to be begun again."""

    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)

    def start(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run it for ever; when it returns, it is done."""
        self._tasks[name] = asyncio.create_task(self._keep(name, run), name=name)

    def alive(self, name: str) -> bool:
        """Whether the task is running now."""
        task = self._tasks.get(name)
        return task is not None and not task.done() and name not in self._waiting

    async def finish(self, name: str, seconds: float) -> None:
        """Wait for a task that was told to stop; cancel it when it takes longer."""
        task = self._tasks.pop(name, None)
        if task is None:
            return
        await asyncio.wait({task}, timeout=seconds)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def cancel_all(self) -> None:
        """End what is left."""
        for name in list(self._tasks):
            await self.finish(name, 0)

    async def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        wait = _FIRST_WAIT
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await run()
            except Exception as error:  # noqa: BLE001 - whatever it is, the task is begun again and the log says so
                say("task.failed", logging.ERROR, task=name, error=type(error).__name__, detail=_detail(error))
            else:
                return
            wait = _FIRST_WAIT if asyncio.get_running_loop().time() - began > 60 else min(wait * 2, _LONGEST_WAIT)
            self._waiting.add(name)
            await asyncio.sleep(wait)
            self._waiting.discard(name)


def _detail(error: Exception) -> str | None:
    """Where it happened; never the text, which may repeat values."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
