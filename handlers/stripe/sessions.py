"""Checkout sessions: an order of one line, because a session does not carry its lines, and the payment of it.

A session whose sale has an invoice yields to `invoice.paid`, which carries the lines: that is so when it names one,
when it sells a subscription, and when it was asked to make an invoice afterwards (named too late to be seen here).
"""

from datetime import datetime

from handlers.building import order_completed, payment_received
from handlers.fields import Field
from handlers.stripe.people import customer, postal
from handlers.stripe.references import applications
from handlers.stripe.snapshot import Snapshot, Units
from schemas.deliveries import Ignored, Told, Translation
from schemas.facts import Order, OrderLine, Payment, Shipping, Tax

_PAID = frozenset({"paid", "no_payment_required"})


def read(event: Snapshot) -> Translation:
    """The order and its payment, unless nothing is paid yet or the invoice tells it."""
    session = event.thing
    mode, status = session.get("mode").word(), session.get("payment_status").word()
    if mode == "setup":
        return Ignored("a session that only sets up a payment method")
    if status not in _PAID:
        return Ignored("not paid yet: checkout.session.async_payment_succeeded will tell")
    if session.get("invoice").told or mode == "subscription" or session.get("invoice_creation", "enabled").flag():
        return Ignored("has an invoice, which invoice.paid tells")
    units = event.units()
    intent = session.get("payment_intent").link()
    order = _order(session, units, intent or session.get("id").own_identifier(), event.at)
    told = order_completed(event.source, order)
    if intent is None or status != "paid" or order.total == 0:
        return Told((told,))
    payment = Payment(
        id=intent,
        received_at=event.at,
        currency=units.currency,
        amount=order.total,
        gateway="stripe",
        method=only_method(session),
        reference=None,
        customer=order.customer,
        applies_to=applications(session, event.source, intent, order.total),
    )
    return Told((told, payment_received(event.source, payment)))


def only_method(thing: Field) -> str | None:
    """The payment method, when only one was allowed: several tell nothing about the one used."""
    methods = [method.word() for method in thing.get("payment_method_types").items()]
    return methods[0] if len(methods) == 1 else None


def _order(session: Field, units: Units, identifier: str, at: datetime) -> Order:
    details = session.get("customer_details")
    line, shipping, inclusive = _amounts(session, units)
    return Order(
        id=identifier,
        number=identifier,
        completed_at=at,
        currency=units.currency,
        customer=customer(
            session.get("customer"),
            details.get("name"),
            details.get("email") if details.get("email").told else session.get("customer_email"),
            details.get("phone"),
            details.get("address"),
        ),
        shipping_address=postal(_shipping_address(session)),
        lines=(line,),
        shipping=shipping,
        total=units.not_negative(session.get("amount_total")),
        prices_include_tax=inclusive,
    )


def _shipping_address(session: Field) -> Field:
    """Newer API versions keep it under `collected_information`."""
    newer = session.get("collected_information", "shipping_details", "address")
    return newer if newer.told else session.get("shipping_details", "address")


def _amounts(session: Field, units: Units) -> tuple[OrderLine, Shipping, bool]:
    """The line, the shipping, and whether prices include tax.

    Stripe tells whether tax was on top or inside per line, and lines are not here; so the totals say it:
    total = subtotal - discount + shipping, with or without tax on top. Where neither holds (some lines with, some
    without), the figures stay as told, and the order is parked as one that does not tie.
    """
    totals = session.get("total_details")
    net = units.minor(session.get("amount_subtotal")) - units.minor_or_zero(totals.get("amount_discount"))
    shipping = units.minor_or_zero(totals.get("amount_shipping"))
    tax = units.minor_or_zero(totals.get("amount_tax"))
    inclusive = tax != 0 and units.minor(session.get("amount_total")) == net + shipping
    on_shipping = units.minor_or_zero(session.get("shipping_cost", "amount_tax"))
    if not 0 <= on_shipping <= tax:
        on_shipping = 0
    on_line = tax - on_shipping
    if inclusive:
        net, shipping = net - on_line, shipping - on_shipping
    line = OrderLine(
        id="1",
        sku=None,
        description=_description(session),
        quantity=None,
        unit_price=None,
        total=net,
        taxes=_taxes(on_line),
    )
    return line, Shipping(total=shipping, taxes=_taxes(on_shipping)), inclusive


def _description(session: Field) -> str:
    told = session.get("metadata", "description").text()
    reference = session.get("client_reference_id").identifier()
    return told or (f"Checkout {reference}" if reference else "Checkout")


def _taxes(amount: int) -> tuple[Tax, ...]:
    return (Tax(code=None, rate=None, amount=amount),) if amount else ()
