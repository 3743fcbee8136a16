"""The task of a worker that notices: what was told is read again, lists that changed are refreshed, and now and then
the books are searched. One process at a time does it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from consumers.ports import Lists
from schemas.connections import Connection, ConnectionState
from schemas.documents import DocumentKind
from schemas.outcomes import Deferred
from service.logs import say, warn
from service.noticing.reading_again import ReadingAgain, Report
from service.noticing.sweeping import KINDS, OVERLAP, SWEEP, Sweeping
from service.trail import changes_told, connections, due_sweeps
from service.trail.changes_told import EVERYTHING, Due
from service.trail.turns import Turn

TICK: Final = 2.0
AT_ONCE: Final = 200
"""Objects of all connections that are taken in hand in one round."""
BY_THEMSELVES: Final = 10
"""So many of one kind are read one by one; more are read as the list of what changed since."""
LISTS_AGAIN: Final = timedelta(minutes=1)
MOST_TRIES: Final = 6
"""Of what stays unclear: the copy is older than our last write, say. The next sync of it is found by the search."""


@dataclass(slots=True)
class Watching:
    """`every`: between two searches of one connection; None: never. `chance`: from 0 up to 1."""

    again: ReadingAgain
    lists: Lists
    turn: Turn
    every: timedelta | None
    chance: Callable[[], float]
    failed: dict[str, datetime] = field(default_factory=dict)
    """Alias -> when to try again to refresh its lists."""

    async def for_ever(self) -> None:
        """Read again what is due, then rest a little."""
        clock = self.again.trail.clock
        while True:
            if await self.turn.mine():
                await self.round()
            await clock.sleep(TICK * (1.0 + self.chance() / 4))

    async def round(self) -> None:
        """One look at everything that is due."""
        trail = self.again.trail
        found = await trail.read(lambda c: changes_told.due(c, trail.clock.now(), AT_ONCE))
        by_alias: defaultdict[str, list[Due]] = defaultdict(list)
        for one in found:
            by_alias[one.connection].append(one)
        for alias, rows in by_alias.items():
            connection = await self._connection(alias)
            if connection is not None:
                await self.read_again(connection, rows)
        await self._refresh_lists()
        await self._sweep()

    async def read_again(self, connection: Connection, rows: Sequence[Due]) -> None:
        """What was told of one connection, invoices first."""
        for kind in KINDS:
            of_kind = [one for one in rows if one.kind is kind]
            report = Report()
            if len(of_kind) > BY_THEMSELVES or any(one.object_id == EVERYTHING for one in of_kind):
                left = await self._as_a_list(connection, kind, of_kind, report)
            else:
                left = of_kind
            done = [one for one in of_kind if one not in left]
            again: list[Due] = []
            for one in left:
                if report.trouble is None:
                    await self.again.one(connection, kind, one.object_id, report, gone=one.deleted)
                unclear = one.object_id in report.unclear and one.tries < MOST_TRIES
                (again if report.trouble is not None or unclear else done).append(one)
            await self._settle(connection, done, again, report)

    async def _as_a_list(
        self, connection: Connection, kind: DocumentKind, rows: Sequence[Due], report: Report
    ) -> list[Due]:
        """One list instead of many objects; those that must be read by themselves all the same: told to be deleted."""
        await Sweeping(self.again).since(connection, kind, min(one.first_at for one in rows) - OVERLAP, report)
        if report.trouble is not None:
            return list(rows)
        return [one for one in rows if one.object_id != EVERYTHING and (one.deleted or one.object_id in report.unclear)]

    async def _settle(self, connection: Connection, done: Sequence[Due], again: Sequence[Due], report: Report) -> None:
        trail = self.again.trail
        now = trail.clock.now()
        await trail.run(lambda c: changes_told.settle(c, done, again, now))
        tell(connection.alias, report)

    async def _refresh_lists(self) -> None:
        """Lists that changed, soon and not only when the next document asks; now and then where that fails."""
        trail = self.again.trail
        now = trail.clock.now()
        for alias, objects in (await trail.read(due_sweeps.old_lists)).items():
            if now < self.failed.get(alias, now):
                continue
            connection = await self._connection(alias)
            if connection is None:
                continue
            trouble = await self.lists.refresh(
                connection, frozenset(objects), older_than=changes_told.NEVER + _A_MOMENT
            )
            if trouble is not None:
                self.failed[alias] = now + LISTS_AGAIN

    async def _sweep(self) -> None:
        if self.every is None:
            return
        trail = self.again.trail
        before = trail.clock.now() - self.every * (1.0 + self.chance() / 10)
        for alias in await trail.read(lambda c: due_sweeps.due(c, SWEEP, before)):
            connection = await self._connection(alias)
            if connection is not None:
                report = await Sweeping(self.again).sweep(connection)
                say("books.swept", connection=alias, read=report.read, noticed=len(report.noticed))
                tell(alias, report)

    async def _connection(self, alias: str) -> Connection | None:
        trail = self.again.trail
        found = await trail.read(lambda c: connections.connection(c, trail.keys, alias))
        return found if found is not None and found.state is ConnectionState.READY else None


_A_MOMENT: Final = timedelta(seconds=1)


def tell(alias: str, report: Report) -> None:
    """A line for each document that was changed, and one where something could not be read."""
    for key, what in report.noticed:
        say("document.changed", connection=alias, document=key, what=what.value)
    if report.trouble is not None and not isinstance(report.trouble, Deferred):
        warn("books.unread", connection=alias, error=type(report.trouble).__name__)
