"""A time limit that thousands of short tasks share: one timer for all of them instead of one each.

`asyncio.timeout` makes and cancels a timer at every use, which costs a delivery more than its signature does. All uses
of one `Deadline` last equally long, so the oldest is always the next to be late, and one timer watches that one.
"""

import asyncio
from types import TracebackType
from typing import Final


class Deadline:
    """Use as `with deadline.begun():` in a task; past the time the task is cancelled there: TimeoutError."""

    def __init__(self, seconds: float) -> None:
        """`seconds` from each beginning. One event loop uses it."""
        self._seconds: Final = seconds
        self._running: dict[_Begun, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begun(self) -> "_Begun":
        """The time begins at the `with`."""
        return _Begun(self)

    def watch(self, begun: "_Begun", loop: asyncio.AbstractEventLoop) -> float:
        """Put it behind those that began before; answer when it is late."""
        late = loop.time() + self._seconds
        self._running[begun] = None
        if self._timer is None:
            self._timer = loop.call_at(late, self._look, loop)
        return late

    def forget(self, begun: "_Begun") -> None:
        """It ended."""
        self._running.pop(begun, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        for begun in list(self._running):
            if begun.at > now:
                self._timer = loop.call_at(begun.at, self._look, loop)
                return
            del self._running[begun]
            begun.end_late()


class _Begun:
    """One use of it."""

    __slots__ = ("_before", "_deadline", "_late", "_task", "at")

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._late = False
        self._before = 0
        self.at = 0.0

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline is for a task")
        self._task = task
        self._before = task.cancelling()
        self.at = self._deadline.watch(self, task.get_loop())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._late:
            self._deadline.forget(self)
        elif self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def end_late(self) -> None:
        """Cancel the task; whoever else cancels it as well is respected, as by `asyncio.timeout`."""
        self._late = True
        self._task.cancel()
