"""Invoices: an order with its lines, and, until 2025-03-31.basil took the links off them, the payment of it."""

from handlers.building import order_completed, payment_received
from handlers.fields import Field
from handlers.stripe.people import customer, postal
from handlers.stripe.references import applications
from handlers.stripe.snapshot import Snapshot, Units, same_currency
from schemas.deliveries import Told, Translation
from schemas.events import Event
from schemas.facts import Order, OrderLine, Payment, Shipping, Tax


def read(event: Snapshot) -> Translation:
    """The order, and the payment where the invoice names it. One paid out of band is an order like any other."""
    invoice, units = event.thing, event.units()
    order = _order(event, units)
    events: tuple[Event, ...] = (order_completed(event.source, order),)
    payment = _payment(event, units, order)
    return Told((*events, payment_received(event.source, payment)) if payment else events, _notes(invoice))


def _notes(invoice: Field) -> tuple[str, ...]:
    out_of_band = invoice.get("paid_out_of_band").flag()
    return ("paid outside Stripe: no payment of it is told here",) if out_of_band else ()


def _order(event: Snapshot, units: Units) -> Order:
    invoice = event.thing
    paid, due = invoice.get("status_transitions", "paid_at"), invoice.get("due_date")
    lines = invoice.get("lines").required()
    if lines.get("has_more").flag():
        raise lines.get("has_more").bad("the invoice has more lines than the webhook carries")
    identifier = invoice.get("id").own_identifier()
    shipping, shipping_inside = _shipping(invoice.get("shipping_cost"), units)
    read = [_line(line, units) for line in lines.get("data").required().items()]
    return Order(
        id=identifier,
        number=invoice.get("number").text() or identifier,
        completed_at=paid.unix_time() if paid.told else event.at,
        due_at=due.unix_time() if due.told else None,
        currency=units.currency,
        customer=customer(*(invoice.get(name) for name in _CUSTOMER)),
        shipping_address=postal(invoice.get("customer_shipping", "address")),
        lines=tuple(line for line, _ in read),
        shipping=shipping,
        total=units.not_negative(invoice.get("total")),
        prices_include_tax=shipping_inside or any(inside for _, inside in read),
    )


_CUSTOMER = ("customer", "customer_name", "customer_email", "customer_phone", "customer_address")


def _line(line: Field, units: Units) -> tuple[OrderLine, bool]:
    """The line after its discounts and without the tax inside its price, and whether there was such tax."""
    same_currency(line.get("currency"), units)
    taxes = [*_older_taxes(line, units), *_newer_taxes(line, units)]
    total = units.minor(line.get("amount"))
    total -= sum(units.minor(discount.get("amount")) for discount in line.get("discount_amounts").items())
    inside = sum(tax.amount for tax, inclusive in taxes if inclusive)
    identifier = line.get("id").own_identifier()
    quantity = line.get("quantity_decimal") if line.get("quantity_decimal").told else line.get("quantity")
    read = OrderLine(
        id=identifier,
        sku=_sku(line),
        description=line.get("description").text() or identifier,
        quantity=quantity.decimal_text(),
        unit_price=units.major_text(_unit_price(line)),
        total=total - inside,
        taxes=tuple(tax for tax, _ in taxes if tax.amount),
    )
    return read, any(inclusive for _, inclusive in taxes)


def _older_taxes(line: Field, units: Units) -> list[tuple[Tax, bool]]:
    """Before 2025-03-31.basil: `tax_amounts`, with a flag."""
    return [
        (_tax(units, each.get("amount"), each.get("tax_rate")), each.get("inclusive").flag())
        for each in line.get("tax_amounts").items()
    ]


def _newer_taxes(line: Field, units: Units) -> list[tuple[Tax, bool]]:
    """Since 2025-03-31.basil: `taxes`, with a behaviour."""
    return [
        (
            _tax(units, each.get("amount"), each.get("tax_rate_details", "tax_rate")),
            each.get("tax_behavior").value == "inclusive",
        )
        for each in line.get("taxes").items()
    ]


def _tax(units: Units, amount: Field, rate: Field) -> Tax:
    return Tax(code=rate.link(), rate=None, amount=units.minor(amount))


def _sku(line: Field) -> str | None:
    """What the line sells: a `sku` that the seller keeps in its metadata, else the product."""
    product = line.get("pricing", "price_details", "product")
    return (
        line.get("metadata", "sku").identifier() or (product if product.told else line.get("price", "product")).link()
    )


def _unit_price(line: Field) -> Field:
    newer = line.get("pricing", "unit_amount_decimal")
    return newer if newer.told else line.get("price", "unit_amount_decimal")


def _shipping(cost: Field, units: Units) -> tuple[Shipping, bool]:
    """Shipping without its tax, and whether its price includes it: then the total is no more than the subtotal."""
    subtotal = units.minor_or_zero(cost.get("amount_subtotal"))
    tax = units.minor_or_zero(cost.get("amount_tax"))
    inside = tax != 0 and units.minor_or_zero(cost.get("amount_total")) == subtotal
    taxes = (Tax(code=None, rate=None, amount=tax),) if tax else ()
    return Shipping(total=subtotal - tax if inside else subtotal, taxes=taxes), inside


def _payment(event: Snapshot, units: Units, order: Order) -> Payment | None:
    """The one payment that an older invoice names. Newer ones leave it to `invoice_payment.paid`."""
    invoice = event.thing
    charge = invoice.get("charge").link()
    identifier = invoice.get("payment_intent").link() or charge
    if identifier is None or units.minor_or_zero(invoice.get("amount_paid")) == 0:
        return None
    amount = units.positive(invoice.get("amount_paid"))
    return Payment(
        id=identifier,
        received_at=order.completed_at,
        currency=units.currency,
        amount=amount,
        gateway="stripe",
        method=None,
        reference=charge,
        customer=order.customer,
        applies_to=applications(invoice, event.source, order.id, amount),
    )
