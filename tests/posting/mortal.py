"""Ports that die: from the chosen call on, nothing a worker asks for is answered, and nothing it does takes place.

A process that is killed does not raise, it ends. Here every call after the last one that took place is cancelled, which
no handler of errors in the code under test catches, and the worker's tasks are then thrown away.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from service.posting import Posting

POLLS = frozenset({"lease", "give_up", "connections_with_work", "connection", "due", "next_due_at"})
"""Asked over and over, as time has it: they do not count, but they die with the rest."""


@dataclass
class Life:
    """Ends with the call number `last`, or the first named `named`: that takes place, and nobody hears its answer."""

    last: int = 0
    named: str = ""
    calls: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:
        if self.over.is_set():
            raise asyncio.CancelledError
        if name in POLLS:
            return await call()
        self.calls.append(name)
        if len(self.calls) == self.last or name == self.named:
            self.over.set()  # others that are under way take place, too, and are not heard either
        answer = await call()
        if self.over.is_set():
            raise asyncio.CancelledError
        return answer


@dataclass
class Mortal:
    """Any port, for one life."""

    port: Any
    life: Life

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.port, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await self.life.live(name, lambda: method(*args, **kwargs))

        return call


def mortal(posting: Posting, life: Life) -> None:
    """The worker's trail, Rutter and lists live one life."""
    bench = posting.worker.bench
    desk = replace(bench.desk, trail=Mortal(bench.desk.trail, life), rutter=Mortal(bench.desk.rutter, life))
    posting.worker.bench = replace(bench, desk=desk, lists=Mortal(bench.lists, life))


async def killed(posting: Posting, task: asyncio.Task[None]) -> None:
    """Throw the worker's tasks away."""
    posting.worker.stop()
    task.cancel()
    await asyncio.wait({task, *posting.worker._tasks.values()})
