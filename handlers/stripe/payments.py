"""Payments: by the intent, by the charge, and by the payment of an invoice. All of them tell one payment.

An intent or a charge knows its invoice until 2025-03-31.basil, and never knows its session; one that names no invoice
does not say what it pays (`applies_to` null), and holds until the session or `invoice_payment.paid` says it. It must
not fall back on an order called like the intent: an invoice made after Checkout is not named by the intent that paid
it, and a sale that has neither session nor invoice has no order here at all.
"""

from handlers.building import payment_received
from handlers.fields import Field
from handlers.stripe.people import payer
from handlers.stripe.references import applications
from handlers.stripe.sessions import only_method
from handlers.stripe.snapshot import Snapshot
from schemas.deliveries import Ignored, Told, Translation
from schemas.facts import Payment


def read_intent(event: Snapshot) -> Translation:
    """`payment_intent.succeeded`: the money is `amount_received`."""
    intent, units = event.thing, event.units()
    amount = units.positive(intent.get("amount_received"))
    return _told(
        event,
        Payment(
            id=intent.get("id").own_identifier(),
            received_at=event.at,
            currency=units.currency,
            amount=amount,
            gateway="stripe",
            method=only_method(intent),
            reference=_charge_of(intent),
            customer=payer(intent.get("customer"), Field("$", None), intent.get("receipt_email")),
            applies_to=applications(intent, event.source, intent.get("invoice").link(), amount),
        ),
    )


def _charge_of(intent: Field) -> str | None:
    """The charge that succeeded: `latest_charge`, or, until 2022-11-15, the first of `charges`."""
    latest = intent.get("latest_charge")
    if latest.told:
        return latest.link()
    return next((charge.get("id").identifier() for charge in intent.get("charges", "data").items()), None)


def read_charge(event: Snapshot) -> Translation:
    """`charge.succeeded`, once captured, or `charge.captured`: the money is `amount_captured`."""
    charge = event.thing
    if not charge.get("captured").flag():
        return Ignored("authorised, not captured: charge.captured will tell")
    units = event.units()
    captured = charge.get("amount_captured")
    amount = units.positive(captured if captured.told else charge.get("amount"))
    identifier = charge.get("id").own_identifier()
    billing = charge.get("billing_details")
    email = billing.get("email") if billing.get("email").told else charge.get("receipt_email")
    return _told(
        event,
        Payment(
            id=charge.get("payment_intent").link() or identifier,
            received_at=event.at,
            currency=units.currency,
            amount=amount,
            gateway="stripe",
            method=charge.get("payment_method_details", "type").text(),
            reference=identifier,
            customer=payer(charge.get("customer"), billing.get("name"), email),
            applies_to=applications(charge, event.source, charge.get("invoice").link(), amount),
        ),
    )


def read_invoice_payment(event: Snapshot) -> Translation:
    """`invoice_payment.paid` (since 2025-05-28.basil): which payment paid how much of which invoice."""
    told, units = event.thing, event.units()
    kind = told.get("payment", "type")
    if kind.word() not in ("payment_intent", "charge", "payment_record"):
        raise kind.bad("not one of payment_intent, charge, payment_record")
    identifier = told.get("payment", kind.word()).link()
    if identifier is None:
        raise told.get("payment", kind.word()).bad("missing")
    amount = units.positive(told.get("amount_paid"))
    paid = told.get("status_transitions", "paid_at")
    invoice = told.get("invoice").required().link()
    return _told(
        event,
        Payment(
            id=identifier,
            received_at=paid.unix_time() if paid.told else event.at,
            currency=units.currency,
            amount=amount,
            # A payment record is money that Stripe was only told about: it never went through Stripe.
            gateway=None if kind.word() == "payment_record" else "stripe",
            method=None,
            reference=identifier if kind.word() == "charge" else None,
            applies_to=applications(told, event.source, invoice, amount),
        ),
    )


def _told(event: Snapshot, payment: Payment) -> Told:
    unnamed = payment.applies_to is None
    return Told(
        (payment_received(event.source, payment),),
        ("does not say which order it pays",) if unnamed else (),
    )
