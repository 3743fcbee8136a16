"""Disputes: money that a payer's bank took back, and money that a won dispute brought home.

Only the two events that move money are read. A dispute's amount may differ from its charge's, and what moved stands in
its balance transactions: they count where they are in the dispute's currency. Late failures of bank debits come as
disputes, too, told apart by their reason (Stripe: ACH Direct Debit, Failed payments).
"""

from typing import Final

from handlers.building import payment_received, payment_reversed
from handlers.fields import Field
from handlers.stripe.references import applications
from handlers.stripe.snapshot import Snapshot, Units
from schemas.corrections import PaymentReversal
from schemas.deliveries import Told, Translation
from schemas.facts import REINSTATED, Fee, Payment

_NEVER_CAME: Final = frozenset({"insufficient_funds", "incorrect_account_details", "bank_cannot_process"})
"""Reasons of a bank, not of a payer: the debit failed after it had succeeded."""


def read_withdrawn(event: Snapshot) -> Translation:
    """`charge.dispute.funds_withdrawn`: the money went, and Stripe's fee for it where it is told."""
    dispute, units = event.thing, event.units()
    reason = dispute.get("reason").text()
    reversal = PaymentReversal(
        id=dispute.get("id").own_identifier(),
        payment_id=_payment(dispute),
        reversed_at=event.at,
        currency=units.currency,
        amount=_moved(event, units, -1),
        kind="failed" if reason in _NEVER_CAME else "chargeback",
        reason=reason,
        fee=_fee(event),
    )
    return Told((payment_reversed(event.source, reversal),))


def read_reinstated(event: Snapshot) -> Translation:
    """`charge.dispute.funds_reinstated`: money received, called after the dispute, `reference` the payment it restores.

    A dispute does not name an order. The payment that it took back may: whoever knows that one reads it there.
    """
    dispute, units = event.thing, event.units()
    amount = _moved(event, units, 1)
    payment = Payment(
        id=f"{dispute.get('id').own_identifier()}{REINSTATED}",
        received_at=event.at,
        currency=units.currency,
        amount=amount,
        gateway="stripe",
        method=None,
        reference=_payment(dispute),
        applies_to=applications(dispute, event.source, None, amount),
    )
    notes = [] if payment.applies_to is not None else ["does not say which order it pays: what it restores did"]
    if any(each.get("fee").told and each.get("fee").integer() < 0 for each in _transactions(dispute, 1)):
        notes.append("the fee of the dispute came back, too, which no event tells")
    return Told((payment_received(event.source, payment),), tuple(notes))


def _payment(dispute: Field) -> str:
    """Called as every payment is: by the intent, else by the charge."""
    identifier = dispute.get("payment_intent").link() or dispute.get("charge").link()
    if identifier is None:
        raise dispute.get("charge").bad("missing")
    return identifier


def _transactions(dispute: Field, sign: int) -> list[Field]:
    """The balance transactions that took money (-1) or brought it (1)."""
    return [each for each in dispute.get("balance_transactions").items() if each.get("amount").integer() * sign > 0]


def _moved(event: Snapshot, units: Units, sign: int) -> int:
    told = [each for each in _transactions(event.thing, sign) if each.get("currency").word().upper() == units.currency]
    if told:
        return sum(abs(units.minor(each.get("amount"))) for each in told)
    return units.positive(event.thing.get("amount"))


def _fee(event: Snapshot) -> Fee | None:
    """What Stripe kept for taking the money, in the currency that the account is kept in."""
    fees = [each for each in _transactions(event.thing, -1) if each.get("fee").told and each.get("fee").integer() > 0]
    if not fees:
        return None
    units = event.units(fees[0].get("currency"))
    if any(each.get("currency").word().upper() != units.currency for each in fees):
        raise fees[-1].get("currency").bad("another currency than the fee before it")
    return Fee(currency=units.currency, amount=sum(units.not_negative(each.get("fee")) for each in fees))
