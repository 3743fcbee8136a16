"""What is held behind what is parked: following each hold through the events that are to make what it awaits."""

from collections import Counter
from typing import Final

from sqlalchemy import Connection, or_, select

from schemas.books import OUTCOME
from service.trail.fact_tables import IS_HELD, IS_PARKED, events, work, writes

FOLLOWED: Final = 20_000
"""Holds, and parked events, that are followed; beyond it the counts are of some of them."""
_STEPS: Final = 5
"""A refund waits for a payment, which waits for an order, which waits for a customer: no chain is longer."""
_MAKES: Final = (
    ("invoice:", "order:"),
    ("payments:", "order:"),
    ("credit_memo:", "refund:"),
    ("customer_refund:", "refund:"),
    ("void:invoice:", "cancellation:"),
    ("void:amendment:", "cancellation:"),
    ("reversal:invoice:", "cancellation:"),
    ("reversal:payment:", "payment_reversal:"),
    ("reopened:payment:", "payment_reversal:"),
    ("reversal:refund:", "refund_reversal:"),
    ("reversal_payment:refund:", "refund_reversal:"),
    ("credit_application:reversal:invoice:", "cancellation:"),
    ("credit_application:reversal:refund:", "refund_reversal:"),
    ("credit_application:amendment:", "amendment:"),
    ("credit_application:", "refund:"),
)
"""From the nouns of an awaited document to the noun of the fact that makes it, the first that fits; other keys are the
fact's own. What follows may say more than the fact's id: an order, a revision, a part."""

_Key = tuple[str, str, str]
"""Connection, namespace, natural key."""


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
    """Held event -> the event that makes what it awaits, where that one waits, too."""
    makers = _makers(c)
    held = select(work.c.event_seq, work.c.connection, work.c.namespace, work.c.awaits).where(IS_HELD).limit(FOLLOWED)
    found = {
        seq: _maker(connection, namespace, awaits or "", makers)
        for seq, connection, namespace, awaits in c.execute(held)
    }
    return {seq: maker for seq, maker in found.items() if maker is not None and maker != seq}


def _makers(c: Connection) -> dict[_Key, int]:
    """Facts that wait, and documents that they intended, each with the event."""
    waits = or_(IS_PARKED, IS_HELD)
    facts = select(events.c.connection, events.c.namespace, events.c.key, events.c.seq)
    documents = select(writes.c.connection, writes.c.namespace, writes.c.key, writes.c.event_seq)
    found: dict[_Key, int] = {}
    for chosen, seq in ((facts, events.c.seq), (documents, writes.c.event_seq)):
        rows = c.execute(chosen.join(work, work.c.event_seq == seq).where(waits).limit(2 * FOLLOWED))
        found |= {(connection, namespace, key): maker for connection, namespace, key, maker in rows}
    return found


def _maker(connection: str, namespace: str, awaits: str, makers: dict[_Key, int]) -> int | None:
    document = awaits.removeprefix(OUTCOME)
    intended = makers.get((connection, namespace, document))
    if intended is not None:
        return intended
    noun, of = next(((noun, of) for noun, of in _MAKES if document.startswith(noun)), ("", ""))
    fact = of + document.removeprefix(noun)
    while (connection, namespace, fact) not in makers and fact.count(":") > 1:
        fact = fact.rpartition(":")[0]
    return makers.get((connection, namespace, fact))
