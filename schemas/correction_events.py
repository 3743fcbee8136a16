"""Events that change a sale after it was told."""

from typing import Literal

from schemas.corrections import Amendment, Cancellation, PaymentReversal, RefundReversal
from schemas.envelope import Envelope, natural_key
from schemas.facts import Frozen


class AmendmentData(Frozen):
    """The body of `order.amended`."""

    amendment: Amendment


class CancellationData(Frozen):
    """The body of `order.cancelled`."""

    cancellation: Cancellation


class PaymentReversalData(Frozen):
    """The body of `payment.reversed`."""

    reversal: PaymentReversal


class RefundReversalData(Frozen):
    """The body of `refund.reversed`."""

    reversal: RefundReversal


class OrderAmended(Envelope):
    """An order was changed: the difference becomes a supplementary invoice or a credit."""

    type: Literal["order.amended"] = "order.amended"
    data: AmendmentData

    @property
    def key(self) -> str:
        """The natural key of the fact: `amendment:{order}:{revision}`."""
        amendment = self.data.amendment
        return f"{natural_key('amendment', amendment.order.id)}:{amendment.revision}"


class OrderCancelled(Envelope):
    """An order was cancelled: its invoice is voided, or what is open on it credited."""

    type: Literal["order.cancelled"] = "order.cancelled"
    data: CancellationData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("cancellation", self.data.cancellation.order_id)


class PaymentReversed(Envelope):
    """Money was taken back from the merchant: a chargeback, or a payment that failed after all."""

    type: Literal["payment.reversed"] = "payment.reversed"
    data: PaymentReversalData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("payment_reversal", self.data.reversal.id)


class RefundReversed(Envelope):
    """A refund failed after all: the money is the merchant's again."""

    type: Literal["refund.reversed"] = "refund.reversed"
    data: RefundReversalData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("refund_reversal", self.data.reversal.id)


Correction = OrderAmended | OrderCancelled | PaymentReversed | RefundReversed
