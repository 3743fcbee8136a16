"""The posting worker of this process, built from the trail and the Rutter client; what it says and counts."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from consumers.ports import DueEvent, Fenced, Rutter, Sighting
from consumers.posting.events import Bench, Finished, Handled
from consumers.posting.worker import PostingWorker
from consumers.posting.writes import Desk, Paused
from schemas.connections import Connection
from schemas.outcomes import Outcome
from schemas.writes import StoredWrite
from service.adapters import TrailEntries, TrailQuotas
from service.clock import SystemClock
from service.files.fetching import Fetcher
from service.files.keeping import TrailFiles
from service.logs import say, warn
from service.metrics import Metrics
from service.rutter.client import RutterClient
from service.rutter.closing import ClosingDates
from service.rutter.daily import Days
from service.rutter.lists import RutterLists
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from service.trail.database import Trail


@dataclass(frozen=True, slots=True)
class Posting:
    """The worker, and what must be closed after it."""

    worker: PostingWorker
    transport: Transport
    lists: RutterLists
    reading: Reading
    """Reads under the same turns as the worker's own requests."""

    def wake(self, aliases: Iterable[str]) -> None:
        """Work of these connections became due."""
        self.worker.wake(aliases)


def build_posting(
    trail: Trail,
    rutter: RutterSettings,
    owner: str,
    clock: SystemClock,
    metrics: Metrics,
    *,
    fetcher: Fetcher | None = None,
) -> Posting:
    """Nothing runs before `worker.run`. `owner` names this process in leases; `fetcher` gets the files of invoices."""
    files = TrailFiles(trail, fetcher or Fetcher())
    transport = Transport(rutter)
    turns = Turns(clock, Days(TrailQuotas(trail), clock, rutter.day))
    reading = Reading(transport, turns, clock)
    lists = RutterLists(reading, TrailEntries(trail), clock, max_pages=rutter.max_list_pages)
    rutter_client = CountedRutter(RutterClient(transport, turns, clock, files), metrics)
    desk = Desk(trail=trail.work, rutter=rutter_client, quota=turns, clock=clock)
    closing = ClosingDates(Reading(transport, turns, clock), trail.work, clock)
    told = _Told(metrics)
    bench = Bench(desk=desk, lists=lists, files=files, closing=closing)
    worker = PostingWorker(bench, owner, told.handled, told.failed)
    return Posting(worker, transport, lists, reading)


@dataclass(frozen=True, slots=True)
class CountedRutter:
    """`consumers.ports.Rutter`, counting what each request came to."""

    rutter: Rutter
    metrics: Metrics

    async def post(self, connection: Connection, write: StoredWrite, timeout_seconds: float) -> Outcome:
        """Send."""
        return self._counted(connection, await self.rutter.post(connection, write, timeout_seconds))

    async def job(self, connection: Connection, write: StoredWrite) -> Outcome:
        """Ask the job."""
        return self._counted(connection, await self.rutter.job(connection, write))

    async def look(self, connection: Connection, write: StoredWrite, since: datetime) -> Sighting | Outcome:
        """Look in the books."""
        return await self.rutter.look(connection, write, since)

    async def ask_sync(self, connection: Connection, write: StoredWrite) -> None:
        """Ask for a sync."""
        await self.rutter.ask_sync(connection, write)

    def _counted(self, connection: Connection, outcome: Outcome) -> Outcome:
        self.metrics.outcomes.labels(connection.alias, type(outcome).__name__.lower()).inc()
        return outcome


@dataclass(frozen=True, slots=True)
class _Told:
    """One wide line an event, and its metrics."""

    metrics: Metrics

    def handled(self, connection: Connection, due: DueEvent, handled: Handled, seconds: float) -> None:
        match handled:
            case Finished():
                what, level = handled.what, logging.WARNING if handled.what.startswith("parked") else logging.INFO
            case Paused():
                what, level = f"paused: {handled.reason}", logging.WARNING
            case Fenced():
                what, level = f"fenced: {handled.reason}", logging.WARNING
            case _:
                assert_never(handled)
        documents = handled.documents if isinstance(handled, Finished) else ()
        kind = what.partition(":")[0]
        self.metrics.handled.labels(connection.alias, kind).inc()
        self.metrics.handle_seconds.observe(seconds)
        for write in documents:
            self.metrics.documents.labels(connection.alias, write.kind.value).inc()
            say(
                "document.posted",
                connection=connection.alias,
                document=write.key,
                kind=write.kind.value,
                total=None if write.total is None else str(write.total),
                rutter_id=write.rutter_id,
                fact=due.event.key,
                attempt=write.attempt,
                revision=write.revision,
            )
        say(
            "event.handled",
            level,
            connection=connection.alias,
            fact=due.event.key,
            source=due.event.source,
            what=what,
            documents=len(documents),
            attempts=due.attempts,
            ms=round(seconds * 1000, 1),
        )

    def failed(self, what: str, error: BaseException) -> None:
        warn("posting.trouble", what=what, error=type(error).__name__)
