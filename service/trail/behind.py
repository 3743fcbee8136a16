"""What is held behind what is parked: following each hold through the events that are to make what it awaits."""

from collections import Counter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, and_, case, func, literal_column, select

from schemas.books import OUTCOME
from service.trail.fact_tables import IS_HELD, IS_PARKED, events, work, writes

FOLLOWED: Final = 20_000
"""Holds that are followed; beyond it the counts are of some of them."""
_STEPS: Final = 5
"""A refund waits for a payment, which waits for an order, which waits for a customer: no chain is longer."""
_MAKES: Final = {
    "invoice:": "order:",
    "payments:": "order:",
    "credit_memo:": "refund:",
    "customer_refund:": "refund:",
    OUTCOME: "",
}
"""From the noun of an awaited document to the noun of the fact that makes it; other keys are the fact's own."""


def held_behind(c: Connection) -> dict[tuple[str, str], int]:
    """(connection, fingerprint) of parked events -> how many held events wait for one of them, directly or not."""
    parked: dict[int, tuple[str, str]] = {
        seq: (connection, fingerprint)
        for seq, connection, fingerprint in c.execute(
            select(work.c.event_seq, work.c.connection, work.c.fingerprint).where(IS_PARKED).limit(FOLLOWED)
        )
    }
    awaited = _awaited(c)
    found: Counter[tuple[str, str]] = Counter()
    for seq in awaited:
        at: int | None = seq
        for _ in range(_STEPS):
            at = awaited.get(at) if at is not None else None
            if at is not None and at in parked:
                found[parked[at]] += 1
                break
    return dict(found)


def _awaited(c: Connection) -> dict[int, int]:
    """Held event -> the event that makes what it awaits, where that is known."""
    rows = c.execute(
        select(work.c.event_seq, func.coalesce(events.c.seq, writes.c.event_seq))
        .select_from(work)
        .outerjoin(
            events,
            and_(
                events.c.connection == work.c.connection,
                events.c.namespace == work.c.namespace,
                events.c.key == _fact(work.c.awaits),
            ),
        )
        .outerjoin(
            writes,
            and_(
                writes.c.connection == work.c.connection,
                writes.c.namespace == work.c.namespace,
                writes.c.key == work.c.awaits,
            ),
        )
        .where(IS_HELD)
        .limit(FOLLOWED)
    )
    return {seq: maker for seq, maker in rows if maker is not None and maker != seq}


def _fact(awaits: ColumnElement[Any]) -> ColumnElement[Any]:
    """The natural key of the fact behind a document's key, in SQL."""
    return case(
        *(
            (
                func.substr(awaits, 1, len(document)) == document,
                literal_column(f"'{fact}'", Text) + func.substr(awaits, len(document) + 1),
            )
            for document, fact in _MAKES.items()
        ),
        else_=awaits,
    )
