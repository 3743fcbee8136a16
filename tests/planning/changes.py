"""Facts that change a sale, built from a few words, and books that know them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from schemas.books import Applied, Books, Link
from schemas.correction_events import (
    AmendmentData,
    CancellationData,
    OrderAmended,
    OrderCancelled,
    PaymentReversalData,
    PaymentReversed,
    RefundReversalData,
    RefundReversed,
)
from schemas.corrections import Amendment, Cancellation, PaymentReversal, RefundReversal
from schemas.events import Event, OrderCompleted
from schemas.money import Money

LATER = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_ABOUT: dict[str, Any] = {"source": "shop", "connection": "acme", "time": LATER}


def amended(revision: int, order: OrderCompleted, reason: str | None = None) -> OrderAmended:
    """The order as that one tells it, as a revision."""
    fact = Amendment(order=order.data.order, revision=revision, amended_at=LATER, reason=reason)
    return OrderAmended(id=f"amendment:{fact.order.id}:{revision}", data=AmendmentData(amendment=fact), **_ABOUT)


def cancelled(order_id: str = "1001") -> OrderCancelled:
    """That order is cancelled."""
    fact = Cancellation(order_id=order_id, cancelled_at=LATER)
    return OrderCancelled(id=f"cancellation:{order_id}", data=CancellationData(cancellation=fact), **_ABOUT)


def charged_back(amount: int, reversal_id: str = "dp_1", payment_id: str = "pi_1", **more: Any) -> PaymentReversed:
    """A bank took it back; `kind="failed"`: it never came."""
    fields: dict[str, Any] = {
        "id": reversal_id,
        "payment_id": payment_id,
        "reversed_at": LATER,
        "currency": "USD",
        "amount": amount,
        "kind": "chargeback",
    }
    fact = PaymentReversal(**fields | more)
    return PaymentReversed(id=f"payment_reversal:{fact.id}", data=PaymentReversalData(reversal=fact), **_ABOUT)


def refund_failed(amount: int, refund_id: str = "re_1", **more: Any) -> RefundReversed:
    """The money of a refund came back."""
    fields: dict[str, Any] = {
        "id": "fr_1",
        "refund_id": refund_id,
        "reversed_at": LATER,
        "currency": "USD",
        "amount": amount,
    }
    fact = RefundReversal(**fields | more)
    return RefundReversed(id=f"refund_reversal:{fact.id}", data=RefundReversalData(reversal=fact), **_ABOUT)


def knowing(
    books: Books, *, told: Sequence[Event] = (), links: Sequence[Link] = (), closed: date | None = None
) -> Books:
    """The same books, with amendments and reversals told, and more links."""
    amendments: dict[str, tuple[Event, ...]] = {}
    reversals: dict[str, tuple[Event, ...]] = {}
    for event in told:
        if isinstance(event, OrderAmended):
            order_id = event.data.amendment.order.id
            amendments[order_id] = (*amendments.get(order_id, ()), event)
        elif isinstance(event, PaymentReversed):
            key = f"payment:{event.data.reversal.payment_id}"
            reversals[key] = (*reversals.get(key, ()), event)
        elif isinstance(event, RefundReversed):
            key = f"refund:{event.data.reversal.refund_id}"
            reversals[key] = (*reversals.get(key, ()), event)
    more = {link.key: link for link in links}
    return replace(
        books, amendments=amendments, reversals=reversals, links={**books.links, **more}, closed_through=closed
    )


def written(key: str, minor: int, kind: str = "invoice", **more: Any) -> Link:
    """A document of that key is in the books."""
    return Link(key=key, rutter_id=f"r-{key}", kind=kind, total=Money(minor, "USD"), **more)


def took(by: str, minor: int, document: str = "invoice:1001", *, proven: bool = True) -> Applied:
    """So much is off that invoice."""
    return Applied(by=by, minor=minor, document=document, proven=proven)
