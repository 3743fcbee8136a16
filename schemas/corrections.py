"""What changes a fact after it was told: an order amended or cancelled, a payment or a refund that was taken back.

A correction never edits what is in the books: it becomes a document of its own. Shapes and units are those of
`schemas.facts`.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from schemas.facts import Currency, Fee, Frozen, Id, Order, Positive, Text


class Amendment(Frozen):
    """An order as it stands after a change, whole. Of several revisions the highest counts; 0 is the order itself."""

    order: Order
    revision: Annotated[int, Field(gt=0, le=2**53)]
    """Grows with every change of the order; gaps do no harm (a time in milliseconds will do)."""
    amended_at: AwareDatetime
    reason: Text | None = None


class Cancellation(Frozen):
    """An order was cancelled: what is open on its invoice is not owed. What was paid goes back by its own refunds."""

    order_id: Id
    cancelled_at: AwareDatetime
    reason: Text | None = None


class PaymentReversal(Frozen):
    """Money of a payment was taken back: by the payer's bank (`chargeback`), or it never came (`failed`)."""

    id: Id
    payment_id: Id
    reversed_at: AwareDatetime
    currency: Currency
    amount: Positive
    kind: Literal["chargeback", "failed"]
    reason: Text | None = None
    fee: Fee | None = None


class RefundReversal(Frozen):
    """Money of a refund came back to the merchant: the refund failed after it had succeeded."""

    id: Id
    refund_id: Id
    reversed_at: AwareDatetime
    currency: Currency
    amount: Positive
    reason: Text | None = None
