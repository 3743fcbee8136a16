"""A shop linked through Rutter: its orders and transactions, told and read."""

from decimal import Decimal

import httpx
import orjson
import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop
from tests.sandbox.test_connections import Receiver, receiving

pytestmark = SHARED_LOOP

ORDER: Json = {
    "line_items": [{"price": 28.0, "quantity": 2, "sku": "SHIRT", "title": "A shirt"}],
    "total_discount": 5,
    "total_tax": 2,
    "total_shipping": 12.34,
    "customer": {"email": "ada@example.org", "phone": "1"},
    "shipping_address": {"country_code": "GB"},
}


async def _tell(shop: Shop, plural: str, **asked: object) -> Json:
    return await shop.control(f"commerce/{plural}", {"connection_id": shop.connection_id, **asked})


async def test_an_order_and_its_payment_are_told_and_read(opening: Opening) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening("SHOPIFY", webhook_url=url)
        order = await _tell(shop, "orders", order=ORDER)
        paid = await _tell(shop, "transactions", transaction={"order_id": order["id"], "amount": 37.34, "fee": 1.1})
        await _tell(shop, "orders", order={"id": order["id"], "payment_status": "paid"})
        await _tell(shop, "transactions", transaction={"id": paid["id"], "status": "failure"}, webhook=False)
        codes = await receiver.codes(4)

    assert codes == ["INITIAL_UPDATE", "ORDER_CREATED", "ORDER_UPDATED", "TRANSACTION_CREATED"]
    told = {one["code"]: one for one in map(orjson.loads, (body for _, body in receiver.got))}
    assert (told["ORDER_UPDATED"]["type"], told["ORDER_UPDATED"]["order"]["payment_status"]) == ("ORDER", "paid")
    assert told["TRANSACTION_CREATED"]["transaction"]["order_id"] == order["id"]

    shown = (await shop.get(f"orders/{order['id']}")).json()["order"]
    assert (shown["total_line_items_price"], shown["total_price"], shown["name"]) == (28.0, 37.34, "#1001")
    assert (shown["line_items"][0]["quantity"], shown["customer"]["last_name"]) == (2, None)
    assert shown["payment_status"] == "paid"
    one = (await shop.get(f"transactions/{paid['id']}")).json()["transaction"]
    assert (one["type"], one["status"], Decimal(str(one["amount"])), one["iso_currency_code"]) == (
        "sale",
        "failure",
        Decimal("37.34"),
        "USD",
    )
    expanded = (await shop.get("orders", expand="transactions")).json()["orders"]
    assert [[row["id"] for row in order["transactions"]] for order in expanded] == [[paid["id"]]]


async def test_orders_are_filtered(opening: Opening) -> None:
    shop = await opening("SHOPIFY")
    for number, status in (("1", "paid"), ("2", "pending"), ("3", "paid")):
        fields = {"order_number": number, "payment_status": status, "created_at": f"2026-01-0{number}T00:00:00.000Z"}
        await _tell(shop, "orders", order=fields)

    async def numbers(**query: str) -> list[str]:
        told = (await shop.get("orders", sort="created_at ASC", **query)).json()["orders"]
        return [one["order_number"] for one in told]

    assert await numbers() == ["1", "2", "3"]
    assert await numbers(payment_status="paid") == ["1", "3"]
    assert await numbers(order_number="2") == ["2"]
    second = "1767312000000"  # 2026-01-02T00:00:00Z in Unix milliseconds
    assert await numbers(created_at_min=second) == ["2", "3"]
    assert await numbers(created_at_max=second) == ["1", "2"]
    few = (await shop.get("orders", properties="order_number", limit="1")).json()
    assert (set(few["orders"][0]), few["next_cursor"] is None) == ({"id", "order_number"}, False)


async def test_a_shop_is_no_accounting_system_nor_the_other_way_round(
    opening: Opening, http: httpx.AsyncClient
) -> None:
    shop, books = await opening("SHOPIFY"), await opening("QUICKBOOKS")

    assert (await shop.get("accounting/invoices")).status_code == 404
    assert (await books.get("orders")).status_code == 404
    assert (await shop.books())["documents"] == []
    asked = {"connection_id": books.connection_id, "order": {}}
    assert (await http.post("/_sandbox/commerce/orders", json=asked)).status_code == 400


@pytest.mark.parametrize(
    ("plural", "wrong"),
    [
        ("orders", {"order": {"payment_status": "maybe"}}),
        ("orders", {"order": {"id": "no such order"}}),
        ("orders", {"order": []}),
        ("orders", {"order": {"line_items": [{"quantity": 1}]}}),
        ("transactions", {"transaction": {"type": "sale"}}),
    ],
)
async def test_wrong_tellings(opening: Opening, plural: str, wrong: Json) -> None:
    shop = await opening("SHOPIFY")
    answer = await shop.http.post(f"/_sandbox/commerce/{plural}", json={"connection_id": shop.connection_id, **wrong})

    assert answer.status_code == 400
