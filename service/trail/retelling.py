"""What was told before is told again: by the same delivery, by another one, or by another source.

Until a write of it is intended, the fuller telling counts and a conflict parks. After it the document stands: nulls are
filled, and a conflict is noted, so that what depends on it holds and the tie-out names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from consumers.intake import Verdict
from consumers.tellings import Conflicting, Fuller, Same, merge
from schemas.events import Event, event_bytes
from schemas.plans import Cause, Park
from service.trail import event_rows, parking
from service.trail.bulk import SQLITE, Rows, RowSource, Upsert, insert_rows, types_of
from service.trail.fact_tables import events, tellings, work, writes
from service.trail.waking import make_due, wake

Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """One event of a batch: where it stands in it, its row, and whether its source is the authority for its noun."""

    position: int
    event: Event
    row: Mapping[str, Any]
    authority: bool

    @property
    def identity(self) -> Identity:
        """Which fact."""
        return event_rows.identity(self.event)


@dataclass(slots=True)
class _Stored:
    """An event's row as it stands while a batch is gone through."""

    seq: int
    body: bytes
    version: int
    delivery_id: str
    source: str | None
    received_at: datetime
    digest: bytes
    state: str
    conflict: bool
    has_writes: bool
    digests: set[bytes] = field(default_factory=set)


_ASKED: Final = Rows(
    {
        "position": Integer(),
        "connection": Text(),
        "namespace": Text(),
        "key": Text(),
        "digest": LargeBinary(),
        "authority": Boolean(),
    }
)
_TELLINGS: Final = Rows(types_of(tellings, "seq"))


def record_again(c: Connection, again: Sequence[Telling], now: datetime) -> dict[int, Verdict]:
    """Record tellings whose events are there; a verdict for each, by its position in the batch."""
    bound = _ASKED.parameters(
        {
            "position": one.position,
            "digest": one.row["digest"],
            "authority": one.authority,
            **dict(zip(("connection", "namespace", "key"), one.identity, strict=True)),
        }
        for one in again
    )
    known = set(orjson.loads(c.execute(_known(c.dialect.name), bound).scalar() or "[]"))
    verdicts = dict.fromkeys(known, Verdict.DUPLICATE)
    left = [one for one in again if one.position not in known]
    if not left:
        return verdicts
    stored = _load(c, {one.identity for one in left})
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
    stored: _Stored
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
        merged = merge(event_rows.event_of(stored.body), self.told.event)
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


def _same_fact(asked: RowSource) -> Any:  # noqa: ANN401 (SQLAlchemy's own type of a condition is long and says less)
    return and_(
        events.c.connection == asked["connection"],
        events.c.namespace == asked["namespace"],
        events.c.key == asked["key"],
    )


@cache
def _known(dialect: str) -> Select[str]:
    """Positions of those told word for word before, as one JSON list: the way a replay goes."""
    asked = _ASKED.source(dialect)
    told = exists().where(tellings.c.event_seq == events.c.seq, tellings.c.digest == asked["digest"])
    gather = func.json_group_array if dialect == SQLITE else func.json_agg
    return (
        select(cast(gather(asked["position"]), Text()))
        .select_from(asked.of)
        .join(events, _same_fact(asked))
        .join(work, work.c.event_seq == events.c.seq)
        .where(or_(events.c.digest == asked["digest"], told))
        .where(or_(work.c.state != "recorded", asked["authority"].is_(False)))
    )


@cache
def _stored(dialect: str) -> Select[Any]:
    asked = _ASKED.source(dialect)
    return (
        select(events)
        .select_from(asked.of)
        .join(events, _same_fact(asked))
        .order_by(asked["position"])
        .with_for_update(of=events)
    )


def _load(c: Connection, wanted: set[Identity]) -> dict[Identity, _Stored]:
    rows = [
        {
            "position": position,
            "connection": connection,
            "namespace": namespace,
            "key": key,
            "digest": None,
            "authority": None,
        }
        for position, (connection, namespace, key) in enumerate(sorted(wanted))
    ]
    found = c.execute(_stored(c.dialect.name), _ASKED.parameters(rows)).all()
    # Asked once the events are locked: a snapshot from before would miss what the last holder of the lock intended.
    stands = {seq: (state, bool(written)) for seq, state, written in c.execute(_standing([row.seq for row in found]))}
    stored = {
        (row.connection, row.namespace, row.key): _Stored(
            seq=row.seq,
            body=bytes(row.body),
            version=row.version,
            delivery_id=row.delivery_id,
            source=row.source,
            received_at=row.received_at,
            digest=bytes(row.digest),
            state=stands[row.seq][0],
            conflict=row.conflict is not None,
            has_writes=stands[row.seq][1],
            digests={bytes(row.digest)},
        )
        for row in found
    }
    by_seq = {one.seq: one for one in stored.values()}
    told = select(tellings.c.event_seq, tellings.c.digest).where(tellings.c.event_seq.in_(list(by_seq)))
    for seq, digest in c.execute(told):
        by_seq[seq].digests.add(bytes(digest))
    return stored


def _standing(seqs: Sequence[int]) -> Select[Any]:
    written = exists().where(writes.c.event_seq == work.c.event_seq)
    return select(work.c.event_seq, work.c.state, written.label("written")).where(work.c.event_seq.in_(seqs))


@cache
def _insert_tellings(dialect: str) -> Upsert:
    return insert_rows(dialect, tellings, _TELLINGS).on_conflict_do_nothing(index_elements=["event_seq", "digest"])
