"""Evidence: what the remote answered is always kept; what it proves becomes a link, and wakes what waited for it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    insert,
    not_,
    or_,
    select,
    update,
)

from consumers.ports import DueEvent, Fenced, Lease
from schemas.books import OUTCOME, Entry
from schemas.documents import DocumentKind
from schemas.outcomes import Outcome, Written
from schemas.plans import Cause, Park
from schemas.writes import StoredWrite, WriteState
from service.trail import applying, entries, holding, leases, moves, outbox, parking, write_rows
from service.trail.bulk import Upsert, upsert
from service.trail.due_marks import mark_due
from service.trail.fact_tables import IS_DUE, links, outcomes, work, writes
from service.trail.instants import Instant
from service.trail.intending import PROVEN
from service.trail.key_locks import lock_keys
from service.trail.tables import connections
from service.trail.waking import DUE_NOW, wake


@dataclass(frozen=True, slots=True)
class Claimed:
    """The Rutter id belongs to another natural key already."""

    by: str


def record(
    c: Connection, write: StoredWrite, outcome: Outcome, *, state: WriteState, next_at: datetime | None, now: datetime
) -> StoredWrite:
    """Keep the outcome, move the write if it still stands there; answer it as it stands now."""
    moved, proven = _recorded(c, write, outcome, state=state, next_at=next_at, now=now)
    if proven:
        _wake_owner(c, moved, now)
    return moved


def record_last(
    c: Connection, lease: Lease, due: DueEvent, write: StoredWrite, outcome: Outcome, *, now: datetime
) -> tuple[StoredWrite, bool]:
    """As `record` with WRITTEN, and the event is done if the plan still stands; answer whether it is."""
    moved, proven = _recorded(c, write, outcome, state=WriteState.WRITTEN, next_at=None, now=now)
    if not proven:
        return moved, False
    # Not waiting for what it stands on: the locks held by now come later in the order of locks.
    if isinstance(leases.standing(c, lease, due, now, waiting=False), Fenced):
        _wake_owner(c, moved, now)
        return moved, False
    holding.end(c, due, now)
    return moved, True


def _recorded(
    c: Connection, write: StoredWrite, outcome: Outcome, *, state: WriteState, next_at: datetime | None, now: datetime
) -> tuple[StoredWrite, bool]:
    """The write as it stands now, and whether this has proven it."""
    proves = state in PROVEN
    if proves or (write.applies and state is WriteState.REFUSED):
        lock_keys(c, write.connection, write.namespace, {write.key, *_payments(write), *_outcome(write)})
    tax_proven = _append(c, write, outcome, now)
    row = moves.move(c, write, outcome, state=state, next_at=next_at, now=now)
    if row is None:
        return write_rows.stored(c.execute(select(writes).where(writes.c.seq == write.seq)).one()), False
    moved = write_rows.stored(row)
    claimed = _link(c, write, outcome, state, now) if proves else None
    if claimed is not None:
        moved = moves.take_back(c, write, moved, claimed.by)
        parking.park(c, moved.event_seq, _doubt(moved, outcome, claimed), now)
        return moved, False
    if proves:
        _follow(c, moved, now, tax_proven=tax_proven)
    if proves or state is WriteState.REFUSED:
        wake(c, {(moved.connection, moved.namespace, key) for key in _outcome(moved)}, now)
    return moved, proves


def link_found(c: Connection, lease: Lease, namespace: str, key: str, entry: Entry, *, now: datetime) -> None:
    """Link a key to what was found in the books."""
    lock_keys(c, lease.connection, namespace, {key})
    if leases.lost(c, lease, now) is not None:
        return
    kind = key.partition(":")[0]
    c.execute(
        upsert(c.dialect.name, links)
        .values(
            connection=lease.connection,
            namespace=namespace,
            key=key,
            kind=kind,
            rutter_id=entry.id,
            different=False,
            how="found",
            at=now,
        )
        .on_conflict_do_nothing(index_elements=["connection", "namespace", "key"])
    )
    wake(c, {(lease.connection, namespace, key)}, now, arrived=True)


def _payments(write: StoredWrite) -> set[str]:
    """What waits for "one more payment of this order" awaits."""
    return {applying.awaited_as(one.order_id) for one in write.applies}


def _outcome(write: StoredWrite) -> set[str]:
    """What waits for what becomes of this write awaits, where it takes something off an open balance."""
    return {f"{OUTCOME}{write.key}"} if write.applies else set()


def _append(c: Connection, write: StoredWrite, outcome: Outcome, now: datetime) -> bool:
    """Answer whether the connection's tax is proven."""
    row = {
        "write_seq": write.seq,
        "revision": write.revision,
        "attempt": write.attempt,
        "at": now,
        "outcome": write_rows.outcome_json(outcome),
    }
    proven: bool = c.execute(_APPEND, {**row, "of_alias": write.connection}).scalar_one()
    return proven


# Written once: each document takes some twenty statements, and putting one together costs more than running it.
_OURS: Final = connections.c.alias == bindparam("of_alias")
_APPEND: Final = (
    insert(outcomes)
    .values(lease_owner=select(connections.c.lease_owner).where(_OURS).scalar_subquery())
    .returning(select(connections.c.tax_proven).where(_OURS).scalar_subquery())
)


def _link(c: Connection, write: StoredWrite, outcome: Outcome, state: WriteState, now: datetime) -> Claimed | None:
    """Link the key, unless the index on Rutter's ids says that it is another key's."""
    if not isinstance(outcome, Written):
        raise TypeError(f"only Written proves a write, not {type(outcome).__name__}")
    total = outcome.total or write.total
    known = outcome.rutter_id
    if known is not None and write.kind is DocumentKind.ATTACHMENT:
        known = f"{write.parent_id}/{known}"  # unique among the files of one invoice only (Rutter: Invoice attachment)
    values = {
        "kind": write.kind.value,
        "rutter_id": known,
        "total_minor": None if total is None else total.minor,
        "currency": None if total is None else total.currency,
        "different": state is WriteState.DIFFERENT,
        "number": write.look.document_number,
        "how": "written",
        "at": now,
    }
    same = {"connection": write.connection, "namespace": write.namespace, "key": write.key}
    added = c.execute(_add_link(c.dialect.name), {**same, **values}).first()
    if added is not None:
        return None
    ours = and_(*(links.c[name] == value for name, value in same.items()))
    theirs = and_(
        links.c.connection == write.connection,
        links.c.kind == write.kind.value,
        links.c.rutter_id == known,
        links.c.how.in_(("written", "adopted")),
        not_(ours),
    )
    other = c.execute(select(links.c.namespace, links.c.key).where(theirs)).first()
    if other is not None:
        return Claimed(other.key if other.namespace == write.namespace else f"{other.namespace}/{other.key}")
    c.execute(update(links).where(ours).values(**values))
    return None


@cache
def _add_link(dialect: str) -> Any:  # noqa: ANN401 (an INSERT with RETURNING, of either database)
    insert_: Upsert = upsert(dialect, links)
    return insert_.on_conflict_do_nothing().returning(links.c.key)


def _follow(c: Connection, write: StoredWrite, now: datetime, *, tax_proven: bool) -> None:
    """What a proof brings about."""
    applying.apply(c, write.connection, write.namespace, write.key, write.applies)
    first_taxed = write.taxed and write.state is WriteState.WRITTEN and not tax_proven
    if first_taxed and c.execute(_PROVE_TAX, {"of_alias": write.connection}).rowcount:
        c.execute(_HURRY, {"of_alias": write.connection, "now": now})
        mark_due(c, {write.connection})
    if write.kind in _LISTED and write.rutter_id is not None:
        entries.put(c, write.connection, write.kind.value, [_entry(write, write.rutter_id)])
    wake(c, {(write.connection, write.namespace, key) for key in (write.key, *_payments(write))}, now, arrived=True)
    _tell(c, write, now)


def _wake_owner(c: Connection, write: StoredWrite, now: datetime) -> None:
    """The event that the write is of goes on, also where it waited for a time or for a person to look."""
    woken = c.execute(_WAKE_OWNER, {"of_seq": write.event_seq, "now": now})
    mark_due(c, woken.scalars())


_PROVE_TAX: Final = update(connections).where(_OURS, connections.c.tax_proven.is_(False)).values(tax_proven=True)
_NOW: Final = bindparam("now", type_=Instant())
_HURRY: Final = (
    update(work).where(IS_DUE, work.c.connection == bindparam("of_alias"), work.c.due_at > _NOW).values(due_at=_NOW)
)
"""Taxed documents wait for the first one to be proved, each until a time of its own: then they need not wait longer."""
_WAKE_OWNER: Final = (
    update(work)
    .where(work.c.event_seq == bindparam("of_seq", type_=BigInteger()))
    .where(or_(work.c.state.in_(("held", "parked")), and_(IS_DUE, work.c.due_at > _NOW)))
    .values(**DUE_NOW, due_at=_NOW, updated_at=_NOW)
    .returning(work.c.connection)
)


_LISTED: Final = (DocumentKind.CUSTOMER, DocumentKind.ITEM, DocumentKind.ACCOUNT)
"""What we make of the merchant's own lists: our copy has it before the next reading."""


def _entry(write: StoredWrite, rutter_id: str) -> Entry:
    body: dict[str, Any] = orjson.loads(write.body)
    body = body.get(write.kind.wrapper, body)
    name = body.get("name") or body.get(f"{write.kind.value}_name") or write.look.name
    return Entry(
        id=rutter_id,
        name=name,
        code=body.get("code") or body.get("sku") or body.get("nominal_code"),
        email=body.get("email"),
        currency=body.get("currency_code"),
        type=body.get("account_type") if write.kind is DocumentKind.ACCOUNT else body.get("type"),
    )


def _tell(c: Connection, write: StoredWrite, now: datetime) -> None:
    data = {
        "namespace": write.namespace,
        "document": write.key,
        "kind": write.kind.value,
        "rutter_id": write.rutter_id,
        "minor": None if write.total is None else write.total.minor,
        "currency": None if write.total is None else write.total.currency,
        "different": write.state is WriteState.DIFFERENT,
    }
    subject = f"{write.namespace}/{write.key}"
    outbox.tell(c, outbox.DOCUMENTS, "document.posted", write.connection, subject=subject, at=now, data=data)


def _doubt(write: StoredWrite, outcome: Outcome, claimed: Claimed) -> Park:
    found = outcome.rutter_id if isinstance(outcome, Written) else None
    return Park(
        cause=Cause.IN_DOUBT,
        subject=write.key,
        detail=f"{found} in the books would be {write.key}, but it is {claimed.by} already",
        cure="look at both in the books, then release it",
    )
