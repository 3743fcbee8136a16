"""SQLite's one writer: a thread that takes all calls that wait and commits them together.

One commit is one wait for the disk, however many calls it carries (group commit). Each call runs in a savepoint of its
own, so one that fails takes nobody else along.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine

from service.trail.due_marks import take_marks

T = TypeVar("T")
Work = Callable[[Connection], Any]

TOGETHER: Final = 256
"""Calls in one commit at most."""


@dataclass(slots=True)
class _Call:
    work: Work
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """Runs calls one after the other in one thread."""

    def __init__(self, engine: Engine, committed: Callable[[set[str]], None]) -> None:
        """Args: `committed` is told the aliases whose work became due, after each commit, in the writer's thread."""
        self._engine = engine
        self._committed = committed
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="trail writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Run in a transaction; the future is done once it is committed."""
        call = _Call(work)
        self._calls.put(call)
        return call.future

    def close(self) -> None:
        """Finish what was submitted, and end."""
        self._calls.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            calls, going = self._waiting()
            if calls:
                self._commit(calls)

    def _waiting(self) -> tuple[list[_Call], bool]:
        """All calls that wait now, at least one; False when the end was asked for."""
        taken = self._calls.get()
        calls: list[_Call] = []
        while taken is not None:
            if taken.future.set_running_or_notify_cancel():
                calls.append(taken)
            if len(calls) == TOGETHER:
                return calls, True
            try:
                taken = self._calls.get_nowait()
            except queue.Empty:
                return calls, True
        return calls, False

    def _commit(self, calls: list[_Call]) -> None:
        due: set[str] = set()
        try:
            with self._engine.begin() as c:
                for call in calls:
                    _one(c, call, due, alone=len(calls) == 1)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to every caller whose work it undid
            for call in calls:
                call.error = call.error or error
            due.clear()
        if due:
            self._committed(due)
        for call in calls:
            call.settle()


def _one(c: Connection, call: _Call, due: set[str], *, alone: bool) -> None:
    take_marks(c)
    if alone:
        call.result = call.work(c)
    else:
        try:
            with c.begin_nested():
                call.result = call.work(c)
        except Exception as error:  # noqa: BLE001 - handed to its caller; the others go on
            call.error = error
            return
    due |= take_marks(c)
