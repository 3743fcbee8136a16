"""All connections a worker posts for: one run a connection, started when there is work and no other worker has it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from consumers.posting.connections import POLL, ConnectionRun, Report
from consumers.posting.events import Bench
from consumers.posting.pokes import poked_or_slept

GRACE_SECONDS: Final = 8.0
"""How long the steps in hand may take to be recorded once the worker is told to stop; then they are cut short."""


@dataclass(slots=True)
class PostingWorker:
    """Runs until `stop`; `wake` pokes the connections named, or all."""

    bench: Bench
    owner: str
    report: Report
    failed: Callable[[str, BaseException], None]
    _runs: dict[str, ConnectionRun] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _poke: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    def wake(self, aliases: Iterable[str]) -> None:
        """Work of these connections has become due; of any, when none is named. Called in the loop's own thread."""
        named = set(aliases)
        for alias in named or self._runs.keys():
            run = self._runs.get(alias)
            if run is not None:
                run.poke.set()
        if not named <= self._runs.keys() or not named:
            self._poke.set()

    async def run(self) -> None:
        """Keep one run for every connection with work; a run that fails is told and tried again at the next look."""
        while not self._stopping:
            self._poke.clear()
            try:
                for alias in await self.bench.desk.trail.connections_with_work(self.owner):
                    if alias not in self._runs:
                        self._start(alias)
            except Exception as error:  # noqa: BLE001 - the trail is out of reach: told, and tried again
                self.failed("connections_with_work", error)
            await poked_or_slept(self._poke, self.bench.desk.clock, POLL.total_seconds())
        await self._wind_down()

    def _start(self, alias: str) -> None:
        run = ConnectionRun(bench=self.bench, alias=alias, owner=self.owner, report=self.report)
        task = asyncio.create_task(run.run(), name=f"posting {alias}")
        self._runs[alias], self._tasks[alias] = run, task
        task.add_done_callback(lambda ended: self._ended(alias, ended))

    def _ended(self, alias: str, task: asyncio.Task[None]) -> None:
        self._runs.pop(alias, None)
        self._tasks.pop(alias, None)
        error = None if task.cancelled() else task.exception()
        if error is None:
            self._poke.set()
        else:
            self.failed(alias, error)  # begun again at the next look, and not at once: the trail may be down for long

    def stop(self) -> None:
        """Start no more events; `run` returns once the steps in hand are recorded, or the grace is over."""
        self._stopping = True
        for run in self._runs.values():
            run.stopping = True
            run.poke.set()
        self._poke.set()

    async def _wind_down(self) -> None:
        tasks = set(self._tasks.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
