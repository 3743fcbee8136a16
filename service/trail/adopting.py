"""Adopting in the trail: what is not posted yet, and linking it to what is in the books already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, exists, select, update

from consumers.adopting.claims import KINDS
from schemas.documents import Applies
from schemas.events import Event
from schemas.money import Money
from schemas.plans import Cause
from service.trail import applying, doubts, event_rows, outbox
from service.trail.bulk import upsert
from service.trail.fact_tables import IS_PARKED, applied, events, links, work, writes
from service.trail.key_locks import lock_keys
from service.trail.tables import entries
from service.trail.waking import DUE_NOW, wake

NOT_POSTED: Final = ("due", "held", "parked")
_ON_ITS_WAY: Final = ("intended", "sent", "in_doubt", "written", "different")
_DOCUMENTS: Final = tuple(kind.value for kind in KINDS)
_SALES: Final = ("order.completed", "payment.received", "refund.issued")


@dataclass(frozen=True, slots=True)
class Told:
    """One event, and whether it waits: due, held or parked, with no write of it stored that may be in the books."""

    seq: int
    event: Event
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A document in the books that is what an event would make. `applies`: what it takes off our invoices."""

    connection: str
    namespace: str
    key: str
    kind: str
    event_seq: int
    rutter_id: str
    total: Money
    number: str | None
    applies: tuple[Applies, ...] = ()


def told(c: Connection, alias: str, since: datetime | None) -> list[Told]:
    """The sales told to a connection, in the order they were told. `since`: when they occurred."""
    sent = exists().where(
        writes.c.event_seq == events.c.seq, writes.c.state.in_(_ON_ITS_WAY), writes.c.kind.in_(_DOCUMENTS)
    )
    chosen = (
        select(events.c.seq, events.c.body, and_(work.c.state.in_(NOT_POSTED), ~sent).label("waits"))
        .join(work, work.c.event_seq == events.c.seq)
        .where(events.c.connection == alias, events.c.type.in_(_SALES))
        .order_by(events.c.seq)
    )
    found: list[Told] = []
    for row in c.execute(chosen):
        try:
            event = event_rows.event_of(bytes(row.body))
        except ValueError:
            continue
        recent = since is None or event.time >= since
        found.append(Told(row.seq, event, waits=bool(row.waits) and recent))
    return found


def customers(c: Connection, alias: str) -> dict[str, tuple[str | None, str | None]]:
    """Our copy of the merchant's customers: Rutter's id -> (name, e-mail)."""
    rows = c.execute(
        select(entries.c.id, entries.c.name, entries.c.email)
        .where(entries.c.connection == alias, entries.c.object == "customer")
    )  # fmt: skip
    return {row.id: (row.name, row.email) for row in rows}


def linked(c: Connection, alias: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(namespace, key) -> (kind, Rutter's id) of all documents of ours."""
    rows = c.execute(
        select(links.c.namespace, links.c.key, links.c.kind, links.c.rutter_id)
        .where(links.c.connection == alias, links.c.rutter_id.is_not(None))
    )  # fmt: skip
    return {(row.namespace, row.key): (row.kind, row.rutter_id) for row in rows}


def adopt(c: Connection, one: Adoption, now: datetime) -> str | None:
    """Link it, and its event is done; or why that cannot be, any more. Wakes what waits for the document."""
    awaited = {one.key, *(applying.awaited_as(part.order_id) for part in one.applies)}
    lock_keys(c, one.connection, one.namespace, awaited)
    state = c.execute(select(work.c.state).where(work.c.event_seq == one.event_seq).with_for_update()).scalar()
    if state not in NOT_POSTED:
        return f"its event is {state} meanwhile"
    if _is_on_its_way(c, one):
        return "a document of its own is on its way"
    if not _link(c, one, now):
        return "the document, or the event, is linked otherwise already"
    applying.apply(c, one.connection, one.namespace, one.key, one.applies)
    ended = {**DUE_NOW, "state": "done", "due_at": None, "reason": f"adopted: {one.rutter_id}"}
    c.execute(update(work).where(work.c.event_seq == one.event_seq).values(**ended, updated_at=now))
    doubts.forget(c, one.connection, one.namespace, one.key)
    wake(c, {(one.connection, one.namespace, key) for key in awaited}, now, arrived=True)
    _tell(c, one, now)
    return None


def see(c: Connection, one: Adoption, open_minor: int, now: datetime) -> None:
    """Note how much of an adopted invoice is open in the books: somebody else's payments are on it."""
    c.execute(
        update(links)
        .where(links.c.connection == one.connection, links.c.namespace == one.namespace, links.c.key == one.key)
        .values(
            seen_status="open" if open_minor else "paid",
            seen_total_minor=one.total.minor,
            seen_open_minor=open_minor,
            seen_at=now,
        )
    )


def taken_off(c: Connection, alias: str, namespace: str, document: str) -> int:
    """How much of an invoice documents of ours have settled, in minor units."""
    rows = c.execute(
        select(applied.c.minor).where(
            applied.c.connection == alias, applied.c.namespace == namespace, applied.c.document == document
        )
    )
    return sum(rows.scalars())


def still_waits(c: Connection, seqs: Sequence[int]) -> frozenset[int]:
    """Those of these events that are due, held or parked."""
    rows = c.execute(select(work.c.event_seq).where(work.c.event_seq.in_(seqs), work.c.state.in_(NOT_POSTED)))
    return frozenset(rows.scalars())


def in_doubt(c: Connection, alias: str) -> frozenset[int]:
    """Events that wait for a person because they may be in the books."""
    parked = select(work.c.event_seq).where(IS_PARKED, work.c.connection == alias)
    return frozenset(c.execute(parked.where(work.c.cause == Cause.PERHAPS_THERE.value)).scalars())


def _is_on_its_way(c: Connection, one: Adoption) -> bool:
    stored = (writes.c.connection == one.connection, writes.c.namespace == one.namespace, writes.c.key == one.key)
    return c.execute(select(writes.c.seq).where(*stored, writes.c.state.in_(_ON_ITS_WAY))).first() is not None


def _link(c: Connection, one: Adoption, now: datetime) -> bool:
    """False: the unique indexes say that the key, or Rutter's id, is taken."""
    added = c.execute(
        upsert(c.dialect.name, links)
        .values(
            connection=one.connection,
            namespace=one.namespace,
            key=one.key,
            kind=one.kind,
            rutter_id=one.rutter_id,
            total_minor=one.total.minor,
            currency=one.total.currency,
            different=False,
            number=one.number,
            how="adopted",
            at=now,
        )
        .on_conflict_do_nothing()
        .returning(links.c.key)
    )
    return added.first() is not None


def _tell(c: Connection, one: Adoption, now: datetime) -> None:
    data = {
        "namespace": one.namespace,
        "document": one.key,
        "kind": one.kind,
        "rutter_id": one.rutter_id,
        "minor": one.total.minor,
        "currency": one.total.currency,
    }
    subject = f"{one.namespace}/{one.key}"
    outbox.tell(c, outbox.DOCUMENTS, "document.adopted", one.connection, subject=subject, at=now, data=data)
