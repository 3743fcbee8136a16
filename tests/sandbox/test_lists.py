"""The lists beside the chart: which platform has which, made and read; what an accountant sees of them."""

from decimal import Decimal

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP

PATHS = ("classes", "departments", "locations", "payment_terms", "currencies", "subsidiaries")


@pytest.mark.parametrize(
    ("platform", "counts"),
    [
        # how many of each there are at first; None: the platform has no such list (Rutter: support by endpoint)
        ("QUICKBOOKS", (2, 2, None, 4, 2, None)),
        ("QUICKBOOKS_DESKTOP", (2, None, None, 4, None, None)),
        ("XERO", (None, None, None, None, 2, None)),
        ("NETSUITE", (2, 2, 2, 4, 2, 1)),
        ("SAGE_INTACCT", (2, 2, 2, None, None, 1)),
        ("ZOHOBOOKS", (2, None, None, None, 2, None)),
        ("FRESHBOOKS", (None, None, None, None, None, None)),
    ],
)
async def test_what_each_platform_lists(opening: Opening, platform: str, counts: tuple[int | None, ...]) -> None:
    shop = await opening(platform, currencies=["USD", "EUR"])
    found: list[int | None] = []
    for path in PATHS:
        answer = await shop.get(f"accounting/{path}")
        found.append(len(answer.json()[path]) if answer.status_code == 200 else None)

    assert tuple(found) == counts


async def test_opening_a_connection_names_its_lists(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    asked = {"platform": "NETSUITE", "currencies": ["USD"]}
    told = (await shop.http.post("/_sandbox/connections", json=asked)).json()

    assert list(told["classes"]) == ["Online", "Wholesale"]
    assert list(told["payment_terms"]) == ["Due on receipt", "Net 15", "Net 30", "2% 10 Net 30"]
    assert list(told["custom_fields"]) == ["custbody_order_source", "custcol_channel"]
    query = {"access_token": told["access_token"]}
    one = await shop.http.get(f"/versioned/accounting/locations/{told['locations']['Warehouse']}", params=query)
    assert one.json()["location"]["name"] == "Warehouse"


async def test_a_class_below_another(opening: Opening) -> None:
    shop = await opening("SAGE_INTACCT_V2")
    parent = (await shop.post("classes", {"class": {"name": "Europe"}})).json()["class"]
    child = await shop.post("classes", {"class": {"name": "France", "parent_id": parent["id"]}})
    taken = await shop.post("classes", {"class": {"name": "France"}})

    assert (child.status_code, child.json()["class"]["parent_id"], taken.status_code) == (200, parent["id"], 450)
    shown = (await shop.get(f"accounting/classes/{parent['id']}")).json()["class"]
    assert (shown["has_children"], shown["status"]) == (True, "active")


async def test_payment_terms_come_and_go(shop: Shop) -> None:
    made = await shop.post("payment_terms", {"payment_term": {"term_name": "Net 60", "due_days": 60}})
    term = made.json()["payment_term"]
    assert (term["due_days"], term["discount_days"], term["term_name"]) == (60, None, "Net 60")
    assert (await shop.delete(f"payment_terms/{term['id']}")).json() == {"code": "deleted", "success": True}
    assert (await shop.get(f"accounting/payment_terms/{term['id']}")).status_code == 410


async def test_xeros_tracking_is_custom_fields(opening: Opening) -> None:
    shop = await opening("XERO")
    told = (await shop.get("accounting/invoices/custom_fields")).json()["custom_fields"]

    assert [(one["name"], [option["name"] for option in one["options"]]) for one in told] == [
        ("Region", ["North", "South"]),
        ("Channel", ["Online", "Wholesale"]),
    ]
    assert (await shop.get("accounting/bills/custom_fields")).json()["custom_fields"] == []
    assert (await shop.get("accounting/customers/custom_fields")).status_code == 410


async def test_currencies_follow_the_company(shop: Shop) -> None:
    edit = {"connection_id": shop.connection_id, "currencies": ["USD", "GBP"]}
    await shop.control("connections/edit", edit)
    listed = (await shop.get("accounting/currencies")).json()["currencies"]

    assert {one["currency_code"]: one["status"] for one in listed} == {
        "USD": "active",
        "GBP": "active",
        "EUR": "archived",
        "JPY": "archived",
        "KWD": "archived",
    }


async def _lists(shop: Shop, path: str, name: str = "name") -> dict[str, str]:
    return {one[name]: one["id"] for one in (await shop.get(f"accounting/{path}")).json()[path]}


async def _particulars(shop: Shop) -> list[Json]:
    return [row["particulars"] for row in (await shop.books())["documents"]]


async def test_what_an_accountant_sees_on_an_invoice_and_its_payment(shop: Shop) -> None:
    classes, departments = await _lists(shop, "classes"), await _lists(shop, "departments")
    terms = await _lists(shop, "payment_terms", "term_name")
    who = await shop.customer()
    line = {"total_amount": Decimal("10.00"), "item": {"id": shop.items["Sales"]}, "class_id": classes["Online"]}
    invoice = await shop.invoice(
        who,
        line_items=[line],
        due_date="2026-02-14",
        document_number="INV-7",
        memo="thank you",
        payment_terms_id=terms["Net 30"],
        additional_fields={"department_id": departments["Sales"], "internal_memo": "order 7"},
    )
    payment = shop.payment_body(who, "4.00", (invoice["id"], "4.00"))
    payment["invoice_payment"] |= {"reference": "pi_1", "currency_rate": 1}
    paid = (await shop.post("invoice_payments", payment)).json()["invoice_payment"]
    seen, paying = await _particulars(shop)

    link = {"amount": "4.00", "date": "2026-01-16"}
    assert seen == {
        "date": "2026-01-15",
        "document_number": "INV-7",
        "due_date": "2026-02-14",
        "memo": "thank you",
        "internal_memo": "order 7",
        "department": "Sales",
        "payment_terms": "Net 30",
        "linked": [{"id": paid["id"], "type": "INVOICE_PAYMENT", **link}],
        "lines": [{"item": "Sales", "class": "Online", "account": "Sales"}],
    }
    assert paying == {
        "date": "2026-01-16",
        "reference": "pi_1",
        "currency_rate": "1",
        "account": "Stripe clearing",
        "linked": [{"id": invoice["id"], **link}],
    }


async def test_requests_are_counted_by_endpoint(shop: Shop) -> None:
    who = await shop.customer()
    await shop.post("customers", {"customer": {}})
    await shop.get(f"accounting/customers/{who}")
    query = {"summary": "1", "connection_id": shop.connection_id}
    assert (await shop.told("requests", **query))["summary"] == [
        {"method": "GET", "endpoint": "/accounting/customers/{id}", "count": 1, "statuses": {"200": 1}},
        {"method": "POST", "endpoint": "/accounting/customers", "count": 2, "statuses": {"200": 1, "400": 1}},
    ]
    posts = (await shop.told("requests", method="POST", **query))["summary"]
    assert [one["endpoint"] for one in posts] == ["/accounting/customers"]
