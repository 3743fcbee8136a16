"""A pair as it is kept and shown: both sides in words, why, and what linking it needs."""

from collections.abc import Mapping
from typing import Any

from consumers.adopting.sides import Pair
from schemas.documents import Applies
from schemas.money import Money
from service.trail.adopting import Adoption
from service.trail.doubts import Doubt

Bills = Mapping[str, tuple[str, str, str]]
"""Rutter's id of an invoice -> (namespace, natural key, order id), for those that are ours."""


def adoption_of(pair: Pair, connection: str, bills: Bills) -> Adoption:
    """What linking it writes."""
    claim, document = pair.claim, pair.document
    applies: list[Applies] = []
    for part in document.settles:
        namespace, key, order = bills.get(part.invoice_id, (None, "", ""))
        minor = part.minor if part.minor is not None or len(document.settles) > 1 else document.total.minor
        if namespace == claim.namespace and minor:
            applies.append(Applies(order, key, minor))
    return Adoption(
        connection=connection,
        namespace=claim.namespace,
        key=claim.key,
        kind=claim.kind.value,
        event_seq=claim.event_seq,
        rutter_id=document.rutter_id,
        total=document.total,
        number=document.number,
        applies=tuple(applies),
    )


def in_words(pair: Pair) -> dict[str, Any]:
    """Both sides and why, for people and programs."""
    claim, document = pair.claim, pair.document
    return {
        "kind": claim.kind.value,
        "namespace": claim.namespace,
        "event": claim.event_key,
        "key": claim.key,
        "rutter_id": document.rutter_id,
        "told": {"total": str(claim.total), "date": claim.date.isoformat(), "customer": claim.customer,
                 "numbers": sorted(claim.numbers)},
        "books": {"total": str(document.total), "dates": sorted(at.isoformat() for at in document.dates),
                  "customer": document.customer, "number": document.number},
        "why": list(pair.why),
    }  # fmt: skip


def to_keep(pair: Pair, connection: str, bills: Bills) -> dict[str, Any]:
    """As `in_words`, and what linking needs."""
    made = adoption_of(pair, connection, bills)
    link = {
        "minor": made.total.minor,
        "currency": made.total.currency,
        "applies": [(one.order_id, one.document, one.minor) for one in made.applies],
        "open_minor": pair.document.open_minor,
    }
    return {**in_words(pair), "link": link}


def adoption_kept(doubt: Doubt) -> Adoption:
    """What linking a kept pair writes."""
    link = doubt.pair["link"]
    return Adoption(
        connection=doubt.connection,
        namespace=doubt.namespace,
        key=doubt.key,
        kind=doubt.pair["kind"],
        event_seq=doubt.event_seq,
        rutter_id=doubt.rutter_id,
        total=Money(link["minor"], link["currency"]),
        number=doubt.pair["books"]["number"],
        applies=tuple(Applies(*one) for one in link["applies"]),
    )
