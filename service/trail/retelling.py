"""What was told before is told again: by the same delivery, by another one, or by another source.

Until a write of it is intended, the fuller telling counts and a conflict parks. After it the document stands: nulls are
filled, and a conflict is noted, so that what depends on it holds and the tie-out names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Connection,
    update,
)

from consumers.intake import Verdict
from consumers.tellings import Conflicting, Fuller, Same, merge, once_intended
from schemas.events import Event, event_bytes
from schemas.plans import Cause, Park
from service.trail import event_rows, parking, told_before
from service.trail.bulk import Rows, Upsert, insert_rows, types_of
from service.trail.fact_tables import events, tellings
from service.trail.told_before import Stored, Telling
from service.trail.waking import make_due, wake

_TELLINGS: Final = Rows(types_of(tellings, "seq"))


def record_again(c: Connection, again: Sequence[Telling], now: datetime) -> dict[int, Verdict]:
    """Record tellings whose events are there; a verdict for each, by its position in the batch."""
    known = told_before.known(c, again)
    verdicts = dict.fromkeys(known, Verdict.DUPLICATE)
    left = [one for one in again if one.position not in known]
    if not left:
        return verdicts
    stored = told_before.load(c, {one.identity for one in left})
    added: list[dict[str, Any]] = []
    for one in left:
        verdicts[one.position] = _Retelling(c, stored[one.identity], one, now, added).record()
    if added:
        c.execute(_insert_tellings(c.dialect.name), _TELLINGS.parameters(added))
    return verdicts


@dataclass(frozen=True, slots=True)
class _Retelling:
    """One telling of a stored event."""

    c: Connection
    stored: Stored
    told: Telling
    now: datetime
    added: list[dict[str, Any]]

    def record(self) -> Verdict:
        stored, row = self.stored, self.told.row
        if stored.state == "recorded" and self.told.authority:
            return self._take_over()
        if row["digest"] in stored.digests:
            return Verdict.DUPLICATE
        stored.digests.add(row["digest"])
        if not self.told.authority:
            self._add(row, Verdict.RECORDED)
            return Verdict.RECORDED
        before = event_rows.event_of(stored.body)
        merged = merge(before, self.told.event)
        if isinstance(merged, Fuller) and stored.has_writes:
            event = once_intended(before, merged.event)
            merged = Same() if event == before else Fuller(event)
        match merged:
            case Same():
                self._add(row, Verdict.DUPLICATE)
                return Verdict.DUPLICATE
            case Fuller():
                self._add(row, Verdict.FULLER)
                self._fill(merged.event)
                return Verdict.FULLER
            case Conflicting():
                self._add(row, Verdict.CONFLICT, merged.detail)
                self._conflict(merged.detail)
                return Verdict.CONFLICT

    def _take_over(self) -> Verdict:
        """Kept so far as another source's telling; now its authority tells it."""
        self._keep_first()
        row = self.told.row
        replaced = {name: row[name] for name in ("delivery_id", "source", "received_at", "digest")}
        self._replace(self.told.event, **replaced)
        self.stored.digests.add(row["digest"])
        self.stored.state = "due"
        make_due(self.c, [self.stored.seq], self.now)
        wake(self.c, {self.told.identity}, self.now)
        return Verdict.NEW

    def _fill(self, event: Event) -> None:
        if self.stored.version == 1:
            self._keep_first()
        self._replace(event)
        wake(self.c, {self.told.identity}, self.now)
        again = ("held", "parked") if self.stored.has_writes else ("held", "parked", "skipped")
        if self.stored.state in again and not self.stored.conflict:
            self.stored.state = "due"
            make_due(self.c, [self.stored.seq], self.now)

    def _conflict(self, detail: str) -> None:
        self.stored.version += 1
        self.stored.conflict = True
        self.c.execute(
            update(events).where(events.c.seq == self.stored.seq).values(conflict=detail, version=self.stored.version)
        )
        if self.stored.has_writes:
            return
        self.stored.state = "parked"
        park = Park(
            cause=Cause.CONFLICTING_TELLINGS,
            subject=self.told.event.key,
            detail=detail,
            cure="correct it at the source; or release it, and the first telling counts",
        )
        parking.park(self.c, self.stored.seq, park, self.now)

    def _replace(self, event: Event, **also: object) -> None:
        body = event_bytes(event)
        self.stored.version += 1
        self.stored.body = body
        self.c.execute(
            update(events)
            .where(events.c.seq == self.stored.seq)
            .values(**event_rows.body_columns(event, body), version=self.stored.version, **also)
        )

    def _keep_first(self) -> None:
        """The body that is about to be replaced stays among the tellings."""
        first = self.stored
        row = {
            "delivery_id": first.delivery_id,
            "source": first.source,
            "received_at": first.received_at,
            "body": first.body,
            "digest": first.digest,
        }
        self._add(row, Verdict.RECORDED if first.state == "recorded" else Verdict.NEW)

    def _add(self, row: Mapping[str, Any], verdict: Verdict, detail: str | None = None) -> None:
        self.added.append(
            {
                "event_seq": self.stored.seq,
                "delivery_id": row["delivery_id"],
                "source": row["source"],
                "told_at": row["received_at"],
                "body": row["body"],
                "digest": row["digest"],
                "verdict": verdict.value,
                "detail": detail,
            }
        )


@cache
def _insert_tellings(dialect: str) -> Upsert:
    return insert_rows(dialect, tellings, _TELLINGS).on_conflict_do_nothing(index_elements=["event_seq", "digest"])
