"""The door to the trail: `await trail.run(f)` runs `f(connection)` in a thread, in one transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import IO, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from consumers.ports import Clock
from service.sealing import KeyRing
from service.trail.due_marks import notify, take_marks
from service.trail.engines import CONNECTIONS
from service.trail.writer import Writer

T = TypeVar("T")

_TRIES: Final = 4
_DEADLOCK: Final = frozenset({"40P01", "40001"})
_READERS: Final = 2


class Door:
    """An open trail. `on_due`, when set, is called after each commit with the aliases whose work became due: from
    whichever thread committed, so it must hand over (`loop.call_soon_threadsafe`) and return."""

    def __init__(self, *, engine: Engine, reader: Engine, keys: KeyRing, clock: Clock, lock: IO[bytes] | None) -> None:
        """See `open_trail`."""
        self.keys: Final = keys
        self.clock: Final = clock
        self.engine: Final = engine
        self.on_due: Callable[[set[str]], None] | None = None
        self._reader = reader
        self._lock = lock
        self._sqlite = engine.dialect.name == "sqlite"
        self._writer = Writer(engine, self._tell) if self._sqlite else None
        alone = reader is engine and self._sqlite
        self._threads = None if alone else ThreadPoolExecutor(_READERS if self._sqlite else CONNECTIONS, "trail")

    async def run(self, f: Callable[[Connection], T]) -> T:
        """Run `f` in a transaction of its own that is committed when this returns; undone when `f` raises.

        `f` may run twice (PostgreSQL: a deadlock ends one of two), so it must do nothing but use its connection.
        """
        return await asyncio.wrap_future(self.submit(f))

    async def read(self, f: Callable[[Connection], T]) -> T:
        """Run `f`, which only reads, on one snapshot, beside the writer."""
        return await asyncio.wrap_future(self.submit_read(f))

    def submit(self, f: Callable[[Connection], T]) -> Future[T]:
        """As `run`, for callers without an event loop."""
        if self._writer is not None:
            return self._writer.submit(f)
        return self._pool().submit(self._transact, f)

    def submit_read(self, f: Callable[[Connection], T]) -> Future[T]:
        """As `read`, for callers without an event loop."""
        if self._threads is None:
            return self.submit(f)
        return self._threads.submit(self._look, f)

    async def close(self) -> None:
        """Finish what was begun, and let go of the database."""
        await asyncio.to_thread(self.shut)

    def shut(self) -> None:
        """As `close`, for callers without an event loop."""
        with ExitStack() as last:
            if self._lock is not None:
                last.enter_context(self._lock)
            last.callback(self.engine.dispose)
            last.callback(self._reader.dispose)
            if self._writer is not None:
                last.callback(self._writer.close)
            if self._threads is not None:
                last.callback(self._threads.shutdown)

    def _tell(self, due: set[str]) -> None:
        if self.on_due is not None:
            self.on_due(due)

    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None:
            raise RuntimeError("no threads: this trail is SQLite's")
        return self._threads

    def _look(self, f: Callable[[Connection], T]) -> T:
        with self._reader.begin() as c:
            return f(c)

    def _transact(self, f: Callable[[Connection], T]) -> T:
        for left in reversed(range(_TRIES)):
            try:
                with self.engine.begin() as c:
                    take_marks(c)
                    result = f(c)
                    due = take_marks(c)
                    notify(c, due)
            except OperationalError as error:
                if left == 0 or getattr(error.orig, "sqlstate", None) not in _DEADLOCK:
                    raise
            else:
                if due:
                    self._tell(due)
                return result
        raise AssertionError("the last try answers or raises")
