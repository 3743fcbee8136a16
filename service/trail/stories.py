"""One order's whole story: what was delivered, told, decided, sent and answered, in the order it happened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from consumers.about import about
from service.trail.event_rows import event_of
from service.trail.fact_tables import applied, events, links, outcomes, tellings, work, writes
from service.trail.tables import deliveries

FACTS: Final = 200
"""Facts of one story; an order with more of them is told by its first."""
STEPS: Final = 500
"""Tellings, and outcomes, of one story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySeen:
    """A request that told something of the story. `kept`: its body can be opened."""

    id: str
    source: str | None
    received_at: datetime
    status: str
    reason: str | None
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingSeen:
    """A later telling of a fact, and what it came to."""

    event_key: str
    delivery_id: str
    source: str | None
    told_at: datetime
    verdict: str
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSeen:
    """Where a fact stands: what it waits for, until when, since when; or why it is parked, and the cure."""

    state: str
    since: datetime
    due_at: datetime | None = None
    awaits: str | None = None
    deadline: datetime | None = None
    cause: str | None = None
    fingerprint: str | None = None
    detail: str | None = None
    cure: str | None = None
    reason: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSeen:
    """One canonical event with its work."""

    seq: int
    key: str
    type: str
    order_id: str | None
    number: str | None
    minor: int
    currency: str
    version: int
    delivery_id: str
    source: str | None
    occurred_at: datetime
    received_at: datetime
    conflict: str | None
    customer: str | None
    work: WorkSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSeen:
    """Evidence: one answer, or look, and what it said. `what` is the outcome as it was stored."""

    at: datetime
    revision: int
    attempt: int
    lease_owner: str | None
    what: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSeen:
    """One intended document with its evidence. `books_minor`: what the books answered."""

    key: str
    kind: str
    event_key: str
    state: str
    total_minor: int | None
    currency: str | None
    books_minor: int | None
    number: str | None
    idempotency_key: str
    revision: int
    attempts: int
    job_id: str | None
    rutter_id: str | None
    last: str | None
    why: tuple[str, ...]
    body: str
    intended_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    proven_at: datetime | None
    outcomes: tuple[OutcomeSeen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything the trail knows of one order, or of one fact that names none."""

    connection: str
    namespace: str
    facts: tuple[FactSeen, ...]
    deliveries: tuple[DeliverySeen, ...]
    tellings: tuple[TellingSeen, ...]
    writes: tuple[WriteSeen, ...]


def story_of_order(c: Connection, connection: str, namespace: str, order_id: str) -> Story | None:
    """The story of one order; None when nothing of it was told."""
    here = (events.c.connection == connection, events.c.namespace == namespace)
    seqs = set(c.execute(select(events.c.seq).where(*here, events.c.order_id == order_id).limit(FACTS)).scalars())
    payers = select(applied.c.by_key).where(
        applied.c.connection == connection, applied.c.namespace == namespace, applied.c.order_id == order_id
    )
    keys = list(c.execute(payers.limit(FACTS)).scalars())
    seqs |= set(c.execute(select(events.c.seq).where(*here, events.c.key.in_(keys)).limit(FACTS)).scalars())
    for money in ("payment.received", "refund.issued"):  # what gives money back, then what takes that back
        moved = select(events.c.key).where(events.c.seq.in_(seqs), events.c.type == money)
        after = select(events.c.seq).where(*here, events.c.payment_key.in_(moved), events.c.order_id.is_(None))
        seqs |= set(c.execute(after.limit(FACTS)).scalars())
    return _story(c, connection, namespace, seqs)


def story_of_fact(c: Connection, connection: str, namespace: str, key: str) -> Story | None:
    """The story of the order that this fact belongs to, or of the fact alone."""
    found = c.execute(
        select(events.c.seq, events.c.order_id).where(
            events.c.connection == connection, events.c.namespace == namespace, events.c.key == key
        )
    ).first()
    if found is None:
        return None
    if found.order_id is not None:
        return story_of_order(c, connection, namespace, found.order_id)
    return _story(c, connection, namespace, {found.seq})


def _story(c: Connection, connection: str, namespace: str, seqs: Collection[int]) -> Story | None:
    if not seqs:
        return None
    facts = _facts(c, sorted(seqs)[:FACTS])
    key_of = {fact.seq: fact.key for fact in facts}
    told = _tellings(c, key_of)
    named = {fact.delivery_id for fact in facts} | {telling.delivery_id for telling in told}
    return Story(
        connection=connection,
        namespace=namespace,
        facts=facts,
        deliveries=_deliveries(c, named),
        tellings=told,
        writes=_writes(c, key_of),
    )


def _facts(c: Connection, seqs: Sequence[int]) -> tuple[FactSeen, ...]:
    rows = c.execute(
        select(events, *(work.c[name] for name in _WORK), work.c.updated_at)
        .join(work, work.c.event_seq == events.c.seq)
        .where(events.c.seq.in_(seqs))
        .order_by(events.c.occurred_at, events.c.seq)
    )
    return tuple(
        FactSeen(
            **{name: getattr(row, name) for name in _FACT},
            customer=_customer(bytes(row.body)),
            work=WorkSeen(**{name: getattr(row, name) for name in _WORK}, since=row.updated_at),
        )
        for row in rows
    )


_WORK: Final = tuple(name for name in WorkSeen.__slots__ if name != "since")
_FACT: Final = tuple(name for name in FactSeen.__slots__ if name not in {"work", "customer"})


def _customer(body: bytes) -> str | None:
    """The name, or e-mail, of who bought."""
    customer = about(event_of(body)).customer
    return None if customer is None else customer.name or customer.email


def _tellings(c: Connection, key_of: dict[int, str]) -> tuple[TellingSeen, ...]:
    rows = c.execute(
        select(tellings)
        .where(tellings.c.event_seq.in_(key_of))
        .order_by(tellings.c.told_at, tellings.c.seq)
        .limit(STEPS)
    )
    return tuple(
        TellingSeen(
            event_key=key_of[row.event_seq],
            delivery_id=row.delivery_id,
            source=row.source,
            told_at=row.told_at,
            verdict=row.verdict,
            detail=row.detail,
        )
        for row in rows
    )


def _deliveries(c: Connection, ids: Collection[str]) -> tuple[DeliverySeen, ...]:
    columns = [deliveries.c[name] for name in ("id", "source", "received_at", "status", "reason")]
    rows = c.execute(
        select(*columns, deliveries.c.sealed.is_not(None).label("kept"))
        .where(deliveries.c.id.in_(sorted(ids)))
        .order_by(deliveries.c.received_at, deliveries.c.id)
    )
    return tuple(DeliverySeen(**{**row._mapping, "kept": bool(row.kept)}) for row in rows)  # noqa: SLF001 (public)


def _writes(c: Connection, key_of: dict[int, str]) -> tuple[WriteSeen, ...]:
    rows = c.execute(
        select(writes, links.c.total_minor.label("books_minor"), links.c.number)
        .outerjoin(
            links,
            (links.c.connection == writes.c.connection)
            & (links.c.namespace == writes.c.namespace)
            & (links.c.key == writes.c.key),
        )
        .where(writes.c.event_seq.in_(key_of))
        .order_by(writes.c.seq)
    ).all()
    evidence = _evidence(c, [row.seq for row in rows])
    return tuple(
        WriteSeen(
            **{name: getattr(row, name) for name in _WRITE},
            event_key=key_of[row.event_seq],
            number=row.number or orjson.loads(row.look).get("document_number"),
            attempts=row.attempt,
            why=tuple(orjson.loads(row.why)),
            body=bytes(row.body).decode("utf-8", "replace"),
            outcomes=evidence.get(row.seq, ()),
        )
        for row in rows
    )


_WRITE: Final = tuple(
    name for name in WriteSeen.__slots__ if name not in {"event_key", "number", "attempts", "why", "body", "outcomes"}
)


def _evidence(c: Connection, write_seqs: Sequence[int]) -> dict[int, tuple[OutcomeSeen, ...]]:
    rows = c.execute(select(outcomes).where(outcomes.c.write_seq.in_(write_seqs)).order_by(outcomes.c.seq).limit(STEPS))
    found: dict[int, tuple[OutcomeSeen, ...]] = {}
    for row in rows:
        seen = OutcomeSeen(
            at=row.at,
            revision=row.revision,
            attempt=row.attempt,
            lease_owner=row.lease_owner,
            what=orjson.loads(row.outcome),
        )
        found[row.write_seq] = (*found.get(row.write_seq, ()), seen)
    return found
