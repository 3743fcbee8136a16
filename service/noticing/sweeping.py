"""Searching the books for what no webhook told: what Rutter read since the last search, and what it knows deleted.

Lists carry no tombstones, so that deletions come from their own endpoint, and only on the platforms that have it
(Rutter: Events). What a search finds is compared like anything that was told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.outcomes import Rejected
from service.noticing.reading_again import ReadingAgain, Report
from service.rutter.reading import NotRead
from service.rutter.seeing import Seeing
from service.rutter.values import moment
from service.trail import changes_told, looks, ours

SWEEP: Final = "sweep"
KINDS: Final = (
    DocumentKind.INVOICE,
    DocumentKind.CUSTOMER,
    DocumentKind.INVOICE_PAYMENT,
    DocumentKind.CREDIT_MEMO,
    DocumentKind.CUSTOMER_REFUND,
)
"""Invoices first: what became of one is known then when what was paid on it is compared."""
OVERLAP: Final = timedelta(minutes=5)
"""Objects may show up in Rutter's copy a little out of order."""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """For one process."""

    again: ReadingAgain

    async def sweep(self, connection: Connection) -> Report:
        """Search everything of ours once; the mark moves only where all could be read."""
        trail, alias, report = self.again.trail, connection.alias, Report()
        begun = trail.clock.now()
        mark = await trail.read(lambda c: looks.last(c, alias, SWEEP))
        since = mark.high_water if mark is not None else None
        first = await trail.read(lambda c: ours.first_linked_at(c, alias))
        if since is None and first is None:
            await trail.run(lambda c: looks.looked(c, {alias}, SWEEP, begun))
            return report
        since = (since or first or begun) - OVERLAP
        high = await self._deleted(connection, since, report)
        for kind in KINDS:
            if report.trouble is None:
                high = max(high, await self.since(connection, kind, since, report), key=_or_never)
        reached = high if report.trouble is None else None
        await trail.run(lambda c: looks.looked(c, {alias}, SWEEP, begun, reached))
        return report

    async def since(self, connection: Connection, kind: DocumentKind, at: datetime, report: Report) -> datetime | None:
        """Everything of a kind that Rutter read since then; up to which of its times."""
        high: datetime | None = None
        async for page in Seeing(self.again.reading).since(connection, kind, at):
            if isinstance(page, NotRead):
                if not _has_none(page):
                    report.trouble = page
                return high
            times = [moment(one.get("last_synced_at")) for one in page.values()]
            high = max([high, *times], key=_or_never)
            await self.again.page(connection, kind, page, report)
        return high

    async def _deleted(self, connection: Connection, at: datetime, report: Report) -> datetime | None:
        high: datetime | None = None
        async for page in Seeing(self.again.reading).deleted_since(connection, at):
            if isinstance(page, NotRead):
                report.trouble = page
                return high
            for one in sorted(page, key=lambda one: KINDS.index(one.kind)):
                high = max(high, one.synced_at, key=_or_never)
                if await self._is_ours(connection, one.kind, one.rutter_id):
                    await self.again.one(connection, one.kind, one.rutter_id, report, gone=True)
        return high

    async def _is_ours(self, connection: Connection, kind: DocumentKind, rutter_id: str) -> bool:
        return await self.again.trail.read(lambda c: changes_told.is_ours(c, connection.alias, kind, rutter_id))


def _has_none(page: NotRead) -> bool:
    """Some platforms have no such list, and answer 404."""
    return isinstance(page, Rejected) and page.status in (404, 410)


def _or_never(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()
