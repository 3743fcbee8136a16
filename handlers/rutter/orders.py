"""Orders of a shop that Rutter reads: told once they are paid (Rutter: Orders).

A line's price is the whole line's, before tax and discount (WooCommerce: after it); tax, shipping and discounts are
told in sums of the order alone. The tax is carried by the first line, without a code or rate, because no line's own is
told; and whether the discount is in the prices already, the total says. Where no reading comes to the total, the
figures stay as told, and the order is parked as one that does not tie. Rutter does not say what an order was before:
one that was changed is told again, and contradicts.
"""

from collections.abc import Iterator

from handlers.building import order_cancelled, order_completed
from handlers.fields import Field
from handlers.rutter import transactions
from handlers.rutter.money import MajorUnits
from schemas.corrections import Cancellation
from schemas.deliveries import Ignored, Told, Translation
from schemas.events import Event
from schemas.facts import Address, Customer, Order, OrderLine, Shipping, Tax
from schemas.sources import Source

_STATUSES = frozenset({"active", "archived", "cancelled", "unknown"})
_PAYMENT_STATUSES = frozenset({"pending", "paid", "refunded", "failed", "unknown"})
_PAID_ONCE = frozenset({"paid", "refunded"})


def read(order: Field, source: Source) -> Translation:
    """The order, or that it was cancelled, and whichever of its transactions stand in it."""
    told = _told(order, source)
    moved, notes = transactions.within(order, source)
    if isinstance(told, Ignored):
        return Told(moved, (f"the order: {told.reason}", *notes)) if moved else told
    return Told((told, *moved), notes)


def _told(order: Field, source: Source) -> Event | Ignored:
    status, paid = order.get("status"), order.get("payment_status").word()
    if paid not in _PAYMENT_STATUSES:
        raise order.get("payment_status").bad("not a payment status")
    if status.told and status.word() not in _STATUSES:
        raise status.bad("not a status of an order")
    if paid not in _PAID_ONCE:
        return Ignored(f"{paid}, not paid")
    if status.value != "cancelled":
        return order_completed(source, _order(order))
    at = order.get("cancelled_at") if order.get("cancelled_at").told else order.get("updated_at")
    return order_cancelled(source, Cancellation(order_id=order.get("id").own_identifier(), cancelled_at=at.time()))


def _order(order: Field) -> Order:
    units = MajorUnits(order.get("iso_currency_code").currency())
    identifier = order.get("id").own_identifier()
    lines = [_line(line, units) for line in order.get("line_items").required().items()]
    tax, total = units.minor_or_zero(order.get("total_tax")), units.minor(order.get("total_price"))
    if total < 0:
        raise order.get("total_price").bad("less than nothing")
    goods = sum(line.total for line in lines)
    shipping, discount = next(
        (pair for pair in _readings(order, units) if goods + tax + pair[0] - pair[1] == total),
        next(_readings(order, units)),
    )
    return Order(
        id=identifier,
        number=(order.get("order_number").text() or order.get("name").text() or identifier).removeprefix("#"),
        completed_at=order.get("created_at").time(),
        currency=units.currency,
        customer=_customer(order),
        shipping_address=_address(order.get("shipping_address")),
        lines=_taxed(lines, tax),
        shipping=Shipping(total=shipping),
        discount=discount,
        total=total,
    )


def _readings(order: Field, units: MajorUnits) -> Iterator[tuple[int, int]]:
    """(shipping, discount): as documented; shipping still before its discount; the discount in the prices already."""
    shipping, discount = (units.minor_or_zero(order.get(name)) for name in ("total_shipping", "total_discount"))
    yield shipping, discount
    yield shipping - units.minor_or_zero(order.get("total_shipping_discount")), discount
    yield shipping, 0


def _line(line: Field, units: MajorUnits) -> OrderLine:
    same_currency = line.get("iso_currency_code")
    if same_currency.told and same_currency.word() != units.currency:
        raise same_currency.bad(f"another currency than the {units.currency} around it")
    identifier = line.get("id").own_identifier()
    return OrderLine(
        id=identifier,
        sku=line.get("sku").identifier(),
        description=line.get("title").text() or identifier,
        quantity=line.get("quantity").decimal_text(),
        unit_price=line.get("unit_cost").decimal_text(),
        total=units.minor(line.get("price")),
    )


def _taxed(lines: list[OrderLine], tax: int) -> tuple[OrderLine, ...]:
    """The lines, the order's tax on the first; an order without lines has one for it."""
    if tax:
        bare = OrderLine(id="tax", sku=None, description="Tax", quantity=None, unit_price=None, total=0)
        first, *others = lines or [bare]
        lines = [first.model_copy(update={"taxes": (Tax(code=None, rate=None, amount=tax),)}), *others]
    return tuple(lines)


def _customer(order: Field) -> Customer:
    told, billing = order.get("customer"), order.get("billing_address")
    return Customer(
        id=told.get("id").identifier(),
        name=_name(told) or _name(billing),
        email=told.get("email").text(),
        phone=told.get("phone").text() or billing.get("phone").text(),
        billing_address=_address(billing),
    )


def _name(person: Field) -> str | None:
    return " ".join(name for part in ("first_name", "last_name") if (name := person.get(part).text())) or None


def _address(address: Field) -> Address | None:
    found = Address(
        address1=address.get("address1").text(),
        address2=address.get("address2").text(),
        city=address.get("city").text(),
        region=address.get("region").text(),
        postal_code=address.get("postal_code").text(),
        country=address.get("country_code").text(),
    )
    return None if found == Address() else found
