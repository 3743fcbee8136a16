"""Reading documents of ours again, and keeping what was noticed. Nothing is ever written to the books here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from consumers.noticing import Ambiguous, Gone, InBooks, Moved, Noticed, What, compare
from schemas.books import Seen
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform
from service.metrics import Metrics
from service.rutter.reading import NotRead, Reading
from service.rutter.seeing import Seeing, in_books
from service.rutter.sightings import Fit, fits
from service.rutter.syncs import SyncState, sync_state
from service.trail import noticing, ours
from service.trail.database import Trail
from service.trail.ours import Known

_MARGIN: Final = timedelta(seconds=2)
"""How far Rutter's clock and ours may lie apart."""
_SAMPLE: Final = 3
"""Invoices of a merged customer that are asked whose they are now."""


@dataclass(slots=True)
class Report:
    """What a look came to. `trouble`: why some could not be read; `unclear`: what is to be looked at again later."""

    read: int = 0
    noticed: list[tuple[str, What]] = field(default_factory=list)
    trouble: NotRead | None = None
    unclear: set[str] = field(default_factory=set)
    """Rutter's ids."""


@dataclass(frozen=True, slots=True)
class ReadingAgain:
    """For one process; every method is about one connection."""

    trail: Trail
    reading: Reading
    metrics: Metrics | None = None

    async def one(
        self, connection: Connection, kind: DocumentKind, rutter_id: str, report: Report, *, gone: bool
    ) -> None:
        """Read one by its id. `gone`: Rutter told that it was deleted, so that its absence is believed."""
        known = await self.trail.read(lambda c: ours.known(c, connection.alias, kind, {rutter_id}))
        told = await Seeing(self.reading).one(connection, kind, rutter_id)
        if not isinstance(told, Mapping | Gone):
            report.trouble = told
            return
        report.read += 1
        if isinstance(told, Mapping) and known:
            await self._compared(connection, known, in_books(told, known[0].currency), report)
        elif isinstance(told, Mapping):
            await self._take_in(connection, kind, {rutter_id: told}, report)
        elif known and not (gone or await self._is_gone(connection, known)):
            report.unclear.add(rutter_id)
        elif known:
            await self._lost(connection, known, told, report)

    async def page(
        self, connection: Connection, kind: DocumentKind, objects: Mapping[str, Mapping[str, Any]], report: Report
    ) -> None:
        """What a list showed, by id."""
        found = await self.trail.read(lambda c: ours.known(c, connection.alias, kind, objects.keys()))
        by_id: dict[str, list[Known]] = {}
        for one in found:
            by_id.setdefault(one.rutter_id, []).append(one)
        report.read += len(by_id)
        for rutter_id, known in by_id.items():
            await self._compared(connection, known, in_books(objects[rutter_id], known[0].currency), report)
        await self._take_in(connection, kind, {id_: objects[id_] for id_ in objects.keys() - by_id.keys()}, report)

    async def _compared(self, connection: Connection, known: Sequence[Known], sight: InBooks, report: Report) -> None:
        if known[0].ours.kind is DocumentKind.CUSTOMER:
            if sight.archived:
                await self._lost(connection, known, sight, report)
            else:
                await self._keep(known, Moved(None), report)
            return
        for one in known:
            verdict = compare(one.ours, sight, self._now())
            match verdict:
                case Ambiguous():
                    report.unclear.add(one.rutter_id)
                case Moved(seen):
                    if seen != one.ours.seen:
                        await self._keep([one], verdict, report)
                case Noticed():
                    await self._keep([one], verdict, report)
                case _:
                    assert_never(verdict)

    async def _lost(
        self, connection: Connection, known: Sequence[Known], sight: Gone | InBooks, report: Report
    ) -> None:
        """Gone, or an archived customer: what it became is followed where the books tell, else a person is told."""
        kind = known[0].ours.kind
        if kind is DocumentKind.CUSTOMER:
            into = await self._merged_into(connection, known[0].rutter_id)
            if into is not None and await self._follow(known, into, What.MERGED, report):
                return
            status = "deleted" if isinstance(sight, Gone) else "changed"
            what = What.DELETED if isinstance(sight, Gone) else What.ARCHIVED
            seen = Seen(status=status, at=self._now())  # type: ignore[arg-type]  # one of two literals
            told = [one for one in known if one.ours.seen is None or one.ours.seen.status != status]
            await self._keep(told, Noticed(what=what, differences=(), seen=seen), report)
            return
        for one in known:
            new_id = await self._became(connection, one, report)
            if new_id is not None and await self._follow([one], new_id, What.REPLACED, report):
                continue
            verdict = compare(one.ours, Gone(), self._now())
            if isinstance(verdict, Noticed):
                await self._keep([one], verdict, report)

    async def _became(self, connection: Connection, known: Known, report: Report) -> str | None:
        """The one invoice with the number of one that is gone, which is ours in everything it shows."""
        number, kind = known.ours.number, known.ours.kind
        filters = platform(connection.platform).has(Feature.EXACT_FILTERS)
        if kind is not DocumentKind.INVOICE or number is None or known.look is None or not filters:
            return None
        found = await Seeing(self.reading).numbered(connection, number)
        if not isinstance(found, Mapping):
            report.trouble = found
            return None
        fitting = [id_ for id_, told in found.items() if id_ != known.rutter_id and _fits(connection, known, told)]
        return fitting[0] if len(fitting) == 1 else None

    async def _take_in(
        self, connection: Connection, kind: DocumentKind, strange: Mapping[str, Mapping[str, Any]], report: Report
    ) -> None:
        """Among what is not ours may be what a deleted document of ours became."""
        if kind is DocumentKind.CUSTOMER or not strange:
            return
        missing = await self.trail.read(lambda c: ours.missing(c, connection.alias, kind))
        for one in missing:
            fitting = [id_ for id_, told in strange.items() if _fits(connection, one, told)]
            if len(fitting) == 1:
                await self._follow([one], fitting[0], What.REPLACED, report)

    async def _merged_into(self, connection: Connection, rutter_id: str) -> str | None:
        """The one customer that has the invoices which were this one's; None where they do not agree."""
        invoices = await self.trail.read(lambda c: ours.of_customer(c, connection.alias, rutter_id, _SAMPLE))
        owners: set[str] = set()
        for invoice in invoices:
            told = await Seeing(self.reading).one(connection, DocumentKind.INVOICE, invoice)
            customer = in_books(told, None).customer if isinstance(told, Mapping) else None
            owners |= {customer} if customer is not None else set()
        owner = owners.pop() if len(owners) == 1 else None
        if owner is None or owner == rutter_id:
            return None
        told = await Seeing(self.reading).one(connection, DocumentKind.CUSTOMER, owner)
        return owner if isinstance(told, Mapping) and not in_books(told, None).archived else None

    async def _is_gone(self, connection: Connection, known: Sequence[Known]) -> bool:
        """Whether a sync that began after our last write has ended: only then does the copy prove absence."""
        touched = max((one.ours.touched_at for one in known if one.ours.touched_at is not None), default=None)
        state = await sync_state(self.reading, connection, turn=True)
        if not isinstance(state, SyncState) or touched is None:
            return isinstance(state, SyncState)
        return state.proves(known[0].ours.kind, touched, _MARGIN)

    async def _follow(self, known: Sequence[Known], rutter_id: str, what: What, report: Report) -> bool:
        now = self._now()
        followed = await self.trail.run(lambda c: noticing.follow(c, known, rutter_id, what, now))
        if followed:
            self._count(known, what, report)
        return followed

    async def _keep(self, known: Sequence[Known], verdict: Moved | Noticed, report: Report) -> None:
        now = self._now()
        for one in known:
            kept = await self.trail.run(lambda c, one=one: noticing.record(c, one, verdict, now))  # type: ignore[misc]  # bound now
            if kept and isinstance(verdict, Noticed):
                self._count([one], verdict.what, report)

    def _count(self, known: Sequence[Known], what: What, report: Report) -> None:
        for one in known:
            report.noticed.append((one.key, what))
            if self.metrics is not None:
                self.metrics.noticed.labels(one.connection, what.value).inc()

    def _now(self) -> datetime:
        return self.trail.clock.now()


def _fits(connection: Connection, known: Known, told: Mapping[str, Any]) -> bool:
    if known.look is None:
        return False
    return fits(told, known.ours.kind, known.look, connection.time_zone) is Fit.YES
