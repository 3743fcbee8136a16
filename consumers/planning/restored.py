"""Money that came home: a payment that tells which one it restores pays what that one paid."""

from collections.abc import Mapping

from consumers.planning.keys import payment_key
from schemas.books import Books
from schemas.events import Event, PaymentReceived
from schemas.facts import Application, Payment
from schemas.plans import Hold


def restores(payment: Payment) -> str | None:
    """The natural key of the payment it restores, where it does not tell itself what it pays."""
    if payment.applies_to is not None or payment.reference is None or not payment.restores:
        return None
    return payment_key(payment.reference)


def restored(event: PaymentReceived, known: Mapping[str, Event]) -> PaymentReceived:
    """The same, paying what the one that it restores is known to have paid; its customer's, where it names none."""
    payment = event.data.payment
    first = known.get(restores(payment) or "")
    if not isinstance(first, PaymentReceived) or first.data.payment.applies_to is None:
        return event
    paid, left = [], payment.amount
    for part in first.data.payment.applies_to:
        if left:
            paid.append(Application(order_id=part.order_id, amount=min(left, part.amount)))
            left -= paid[-1].amount
    customer = payment.customer or first.data.payment.customer
    told = payment.model_copy(update={"applies_to": tuple(paid), "customer": customer})
    return event.model_copy(update={"data": event.data.model_copy(update={"payment": told})})


def awaits_first(payment: Payment, books: Books) -> Hold | None:
    """What is paid again must have been paid: else the money would be taken for the first payment's."""
    key = restores(payment)
    if key is None or key in books.links:
        return None
    return Hold(key, f"it restores {key}, which is not in the books yet")
