"""Orders: told once they are paid, as edits before that left them.

Line totals are price times quantity, less the discounts allocated to the line; `total_discount` on a line is often 0.00
although it was discounted, and is not read. All discounts are allocated, so none is left for the order itself. Where
prices include tax, the line's taxes are taken out of its total.
"""

from handlers.building import order_completed
from handlers.fields import Field
from handlers.shopify import ids
from handlers.shopify.edits import edited
from handlers.shopify.money import ShopMoney
from schemas.deliveries import Ignored, Told, Translation
from schemas.facts import Address, Customer, Order, OrderLine, Shipping
from schemas.sources import Source

_STATUSES = frozenset(
    {"pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "expired"}
)


def read(body: Field, source: Source) -> Translation:
    """The order, unless it is a test, cancelled, unconfirmed or not paid."""
    reason = why_never(body) or _why_not_yet(body)
    if reason:
        return Ignored(reason)
    lossy = ids.lost_digits(body, "Order")
    shop = ShopMoney(body.get("currency").currency())
    told = order(body, shop, lossy=lossy)
    return Told((order_completed(source, edited(body, shop, told) or told),), notes(body, shop, lossy=lossy))


def notes(body: Field, shop: ShopMoney, *, lossy: bool) -> tuple[str, ...]:
    """What was read around, or left out."""
    rounded = shop.told_or_zero(body, "total_cash_rounding_payment_adjustment")
    return (
        *((f"the order's number lost its last digits; read from {ids.own(body, 'Order')}",) if lossy else ()),
        *(("cash rounding was told, which is on its payments and not in its total",) if rounded else ()),
    )


def why_never(body: Field) -> str | None:
    """Why the order is none to be told, whatever was paid."""
    if body.get("test").flag():
        return "a test order"
    if body.get("cancelled_at").told:
        return "cancelled"
    if body.get("confirmed").told and not body.get("confirmed").flag():
        return "not confirmed"
    return None


def status(body: Field) -> str | None:
    """Its financial status."""
    told = body.get("financial_status")
    if told.told and told.word() not in _STATUSES:
        raise told.bad("not a financial status")
    return told.word() if told.told else None


def _why_not_yet(body: Field) -> str | None:
    found = status(body)
    if found is None:
        return "not paid"
    return None if found == "paid" else f"{found.replace('_', ' ')}, not paid"


def order(body: Field, shop: ShopMoney, *, lossy: bool) -> Order:
    """The order as its lines and its `total_price` tell it."""
    inclusive = body.get("taxes_included").flag()
    identifier = ids.own(body, "Order")
    completed = body.get("processed_at") if body.get("processed_at").told else body.get("created_at")
    lines = [line for item in body.get("line_items").required().items() for line in _lines(body, item, shop)]
    total = shop.told(body, "total_price")
    if total < 0:
        raise body.get("total_price").bad("less than nothing")
    return Order(
        id=identifier,
        number=(body.get("name").text() or identifier).removeprefix("#"),
        completed_at=completed.time(),
        currency=shop.currency,
        customer=_customer(body, lossy=lossy),
        shipping_address=_address(body.get("shipping_address")),
        lines=(*lines, *_fees(body, shop)),
        shipping=_shipping(body, shop, inclusive=inclusive),
        tip=shop.told_or_zero(body, "total_tip_received"),
        total=total,
        prices_include_tax=inclusive,
    )


def _lines(body: Field, item: Field, shop: ShopMoney) -> list[OrderLine]:
    """The line, and a fee for each duty on it that its price does not include."""
    identifier = ids.own(item, "LineItem")
    quantity = item.get("quantity").count()
    taxes = shop.taxes(item.get("tax_lines"))
    total = shop.told(item, "price") * quantity - _allocated(item, shop)
    if body.get("taxes_included").flag():
        total -= sum(tax.amount for tax in taxes)
    line = OrderLine(
        id=identifier,
        kind="gift_card" if item.get("gift_card").flag() else "goods",
        sku=item.get("sku").identifier(),
        description=item.get("name").text() or item.get("title").text() or identifier,
        quantity=str(quantity),
        unit_price=item.get("price").decimal_text(),
        total=total,
        taxes=taxes,
    )
    if body.get("duties_included").flag():
        return [line]
    return [line, *(_duty(identifier, duty, shop) for duty in item.get("duties").items())]


def _duty(line: str, duty: Field, shop: ShopMoney) -> OrderLine:
    return OrderLine(
        id=f"{line}-duty-{ids.reference(duty.get('id').required(), lossy=False)}",
        kind="fee",
        sku=None,
        description="Duties",
        quantity=None,
        unit_price=None,
        total=shop.in_set(duty.get("shop_money").required()),
        taxes=shop.taxes(duty.get("tax_lines")),
    )


def _fees(body: Field, shop: ShopMoney) -> list[OrderLine]:
    """Fees that the shop charges on top, such as for paying by invoice."""
    told = body.get("original_total_additional_fees_set", "shop_money")
    amount = shop.in_set(told) if told.told else 0
    if amount == 0:
        return []
    fee = OrderLine(
        id="fees",
        kind="fee",
        sku=None,
        description="Additional fees",
        quantity=None,
        unit_price=None,
        total=amount,
    )
    return [fee]


def _allocated(thing: Field, shop: ShopMoney) -> int:
    return sum(shop.told(each, "amount") for each in thing.get("discount_allocations").items())


def _shipping(body: Field, shop: ShopMoney, *, inclusive: bool) -> Shipping:
    """All shipping lines together, those taken off the order again left out."""
    lines = [line for line in body.get("shipping_lines").items() if not line.get("is_removed").flag()]
    taxes = tuple(tax for line in lines for tax in shop.taxes(line.get("tax_lines")))
    total = sum(shop.told(line, "price") - _allocated(line, shop) for line in lines)
    return Shipping(total=total - sum(tax.amount for tax in taxes) if inclusive else total, taxes=taxes)


def _customer(body: Field, *, lossy: bool) -> Customer:
    told, billing = body.get("customer"), body.get("billing_address")
    names = [name for part in ("first_name", "last_name") if (name := told.get(part).text())]
    if told.told:
        named = told.get("admin_graphql_api_id").told
        identifier = ids.own(told, "Customer") if named else ids.reference(told.get("id").required(), lossy=lossy)
    else:
        identifier = None
    return Customer(
        id=identifier,
        name=" ".join(names) or billing.get("name").text(),
        email=body.get("email").text() or body.get("contact_email").text() or told.get("email").text(),
        phone=body.get("phone").text() or told.get("phone").text(),
        billing_address=_address(billing),
    )


def _address(address: Field) -> Address | None:
    found = Address(
        address1=address.get("address1").text(),
        address2=address.get("address2").text(),
        city=address.get("city").text(),
        region=address.get("province_code").text() or address.get("province").text(),
        postal_code=address.get("zip").text(),
        country=address.get("country_code").text() or address.get("country").text(),
    )
    return None if found == Address() else found
