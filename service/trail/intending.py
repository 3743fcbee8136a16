"""Intending: a write is stored before anything leaves, and the first one stored under a key wins."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, literal, select, update

from consumers.ports import DueEvent, Fenced, Lease, Waits
from schemas.documents import DocumentKind, Write
from schemas.events import Event
from schemas.writes import StoredWrite, WriteState, idempotency_key
from service.trail import leases, write_rows
from service.trail.bulk import Upsert, upsert
from service.trail.entries import folded
from service.trail.fact_tables import IS_OPEN, links, work, writes
from service.trail.key_locks import lock_customer, lock_first_tax
from service.trail.tables import connections, entries

PROVEN: Final = (WriteState.WRITTEN, WriteState.DIFFERENT)
_UNSENT: Final = (WriteState.INTENDED, WriteState.REFUSED)
_RUTTER_ID: Final = select(connections.c.rutter_id).where(connections.c.alias == bindparam("of"))
_TAX_PROVEN: Final = select(connections.c.tax_proven).where(connections.c.alias == bindparam("of"))
_JUST_MADE: Final = timedelta(minutes=1)
"""Longer than it takes from reading the books to intending."""
_SENDABLE: Final = (WriteState.INTENDED.value, WriteState.SENT.value, WriteState.IN_DOUBT.value)


def intend(
    c: Connection, lease: Lease, due: DueEvent, write: Write, body: bytes, *, answer_by: datetime | None, now: datetime
) -> StoredWrite | Waits | Fenced:
    """See `consumers.ports.WorkTrail.intend`. What an event that has stopped never sent is taken over."""
    if write.kind is DocumentKind.CUSTOMER:
        lock_customer(c, lease.connection, write.look.name or "")
    standing = leases.standing(c, lease, due, now)
    if isinstance(standing, Fenced):
        return standing
    if write.kind is DocumentKind.CUSTOMER and _is_made_elsewhere(c, due.event, write, now):
        return Waits(None)
    gated = write.taxed and not standing.tax_proven
    if gated and _tax_is_being_proved(c, lease.connection, due.event.namespace, write.key):
        return Waits(None)
    key = idempotency_key(standing.rutter_id, due.event.namespace, write.key, 1)
    values = {
        "connection": lease.connection,
        "namespace": due.event.namespace,
        "key": write.key,
        "kind": write.kind.value,
        "event_seq": due.seq,
        "idempotency_key": key,
        "revision": 1,
        "intended_at": now,
        "key_spent": False,
        **write_rows.planned_columns(write, body),
        **_standing(answer_by, now),
    }
    row = c.execute(_insert(c.dialect.name), values).one_or_none()
    if row is not None:
        return write_rows.stored(row)
    return _stored_before(c, due, write.key)


def _standing(answer_by: datetime | None, now: datetime) -> dict[str, Any]:
    if answer_by is None:
        return {"state": "intended", "attempt": 0, "sent_at": None, "answer_by": None, "next_at": None}
    return {"state": "sent", "attempt": 1, "sent_at": now, "answer_by": answer_by, "next_at": answer_by}


@cache
def _insert(dialect: str) -> Any:  # noqa: ANN401 (an INSERT with RETURNING, of either database)
    insert: Upsert = upsert(dialect, writes)
    return insert.on_conflict_do_nothing(index_elements=["connection", "namespace", "key"]).returning(writes)


def _stored_before(c: Connection, due: DueEvent, key: str) -> StoredWrite | Waits:
    stored = write_rows.stored(c.execute(_under(due.event.connection, due.event.namespace, key)).one())
    if stored.event_seq == due.seq or stored.state in PROVEN:
        return stored
    if stored.state not in _UNSENT or _is_due(c, stored.event_seq):
        return Waits(key)
    taken = c.execute(
        update(writes)
        .where(writes.c.seq == stored.seq, writes.c.event_seq == stored.event_seq, writes.c.state == stored.state.value)
        .values(event_seq=due.seq)
        .returning(writes)
    ).one_or_none()
    return Waits(key) if taken is None else write_rows.stored(taken)


def _under(connection: str, namespace: str, key: str) -> Select[Any]:
    return select(writes).where(writes.c.connection == connection, writes.c.namespace == namespace, writes.c.key == key)


def _is_due(c: Connection, event_seq: int) -> bool:
    return c.execute(select(work.c.state).where(work.c.event_seq == event_seq)).scalar() == "due"


def _is_made_elsewhere(c: Connection, event: Event, write: Write, now: datetime) -> bool:
    """Whether another namespace is making the customer of that name, or has just made it: the books have one of each.

    What was made is in our copy of the merchant's lists by then, and planning anew finds it there.
    """
    others = (writes.c.connection == event.connection, writes.c.namespace != event.namespace)
    same = (writes.c.kind == write.kind.value, writes.c.look == write_rows.look_json(write.look))
    if c.execute(select(literal(1)).where(IS_OPEN, *others, *same)).first() is not None:
        return True
    made = (
        select(literal(1))
        .select_from(entries)
        .join(links, (links.c.connection == entries.c.connection) & (links.c.rutter_id == entries.c.id))
        .where(entries.c.connection == event.connection, entries.c.object == write.kind.value)
        .where(entries.c.name_folded == folded(write.look.name))
        .where(links.c.kind == write.kind.value, links.c.how == "written", links.c.at > now - _JUST_MADE)
        .where(links.c.namespace != event.namespace)
    )
    return c.execute(made).first() is not None


def _tax_is_being_proved(c: Connection, alias: str, namespace: str, key: str) -> bool:
    """Whether another taxed document of the connection is on its way, or came out different: the first one to prove."""
    lock_first_tax(c, alias)
    if c.execute(_TAX_PROVEN, {"of": alias}).scalar_one():
        return False
    rows = c.execute(
        select(writes.c.namespace, writes.c.key)
        .where(writes.c.connection == alias, writes.c.taxed.is_(True))
        .where(writes.c.state.in_(("sent", "in_doubt", "different")))
    )
    return any((row.namespace, row.key) != (namespace, key) for row in rows)


def start_attempt(
    c: Connection, lease: Lease, write: StoredWrite, answer_by: datetime, now: datetime
) -> StoredWrite | Fenced:
    """Note that it is about to leave; never while an earlier request may still be answered."""
    fenced = leases.lost(c, lease, now)
    if fenced is not None:
        return fenced
    in_flight = (writes.c.state == "sent") & (writes.c.answer_by > now)
    return _moved(
        c,
        update(writes)
        .where(writes.c.state.in_(_SENDABLE), ~in_flight)
        .values(state="sent", attempt=write.attempt + 1, sent_at=now, answer_by=answer_by, next_at=answer_by),
        write,
    )


def grow_revision(c: Connection, lease: Lease, write: StoredWrite, now: datetime) -> StoredWrite | Fenced:
    """The same body under the next key."""
    fenced = leases.lost(c, lease, now)
    if fenced is not None:
        return fenced
    return _moved(c, update(writes).where(writes.c.state.in_(_SENDABLE)).values(**_grown(c, write)), write)


def refreeze(
    c: Connection, lease: Lease, write: StoredWrite, body: bytes, planned: Write, *, grow: bool, now: datetime
) -> StoredWrite | Fenced:
    """Another body for a refused write."""
    fenced = leases.lost(c, lease, now)
    if fenced is not None:
        return fenced
    grown = _grown(c, write) if grow else {"state": "intended", "next_at": None}
    change = update(writes).where(writes.c.state == "refused")
    return _moved(c, change.values(**write_rows.planned_columns(planned, body), **grown), write)


def _grown(c: Connection, write: StoredWrite) -> dict[str, Any]:
    revision = write.revision + 1
    rutter_id = c.execute(_RUTTER_ID, {"of": write.connection}).scalar_one()
    key = idempotency_key(rutter_id, write.namespace, write.key, revision)
    return {
        "state": "intended",
        "revision": revision,
        "idempotency_key": key,
        "attempt": 0,
        "sent_at": None,
        "answer_by": None,
        "next_at": None,
        "job_id": None,
        "key_spent": False,
    }


def _moved(c: Connection, change: Any, write: StoredWrite) -> StoredWrite | Fenced:  # noqa: ANN401 (an UPDATE)
    row: Row[*tuple[Any, ...]] | None = c.execute(
        change.where(
            writes.c.seq == write.seq, writes.c.revision == write.revision, writes.c.attempt == write.attempt
        ).returning(writes)
    ).one_or_none()
    return Fenced(f"{write.key} has moved on") if row is None else write_rows.stored(row)
