"""What the trail holds of facts that are told again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import Boolean, Connection, Integer, LargeBinary, Select, Text, and_, cast, exists, func, or_, select

from schemas.events import Event
from service.trail.bulk import SQLITE, Rows, RowSource
from service.trail.fact_tables import events, tellings, work, writes

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
        return self.row["connection"], self.row["namespace"], self.row["key"]


@dataclass(slots=True)
class Stored:
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


def known(c: Connection, again: Sequence[Telling]) -> set[int]:
    """Positions in the batch of those that were told word for word before."""
    bound = _ASKED.parameters(
        {
            "position": one.position,
            "digest": one.row["digest"],
            "authority": one.authority,
            **dict(zip(("connection", "namespace", "key"), one.identity, strict=True)),
        }
        for one in again
    )
    return set(orjson.loads(c.execute(_known(c.dialect.name), bound).scalar() or "[]"))


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


def load(c: Connection, wanted: set[Identity]) -> dict[Identity, Stored]:
    """The events as they stand, locked until the transaction ends, with the digests of all their tellings."""
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
        (row.connection, row.namespace, row.key): Stored(
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
