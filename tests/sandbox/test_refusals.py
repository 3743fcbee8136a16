"""What is refused, by whom, and with what status: before acceptance by Rutter, after it by the platform."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP

NOBODY = "00000000-0000-4000-8000-000000000000"
Body = Callable[[Shop, str, Json], Json]


async def _reason(shop: Shop) -> str:
    """The sandbox's own word for why the last request was refused."""
    reason: str = (await shop.told("requests"))["requests"][-1]["reason"]
    return reason


def _without(body: Json, name: str) -> Json:
    ((outer, fields),) = body.items()
    return {outer: {key: value for key, value in fields.items() if key != name}}


def _lines(shop: Shop, line: Json) -> list[Json]:
    return [{"total_amount": 10, "item": {"id": shop.items["Sales"]}, **line}]


@pytest.mark.parametrize("name", ["customer_id", "issue_date", "currency_code", "line_items"])
async def test_required_of_an_invoice(shop: Shop, name: str) -> None:
    answer = await shop.post("invoices", _without(shop.invoice_body(await shop.customer()), name))

    assert (answer.status_code, f"invoice.{name}: required" in answer.text) == (400, True)
    assert "x-rutter-job-id" not in answer.headers


@pytest.mark.parametrize(
    ("path", "build"),
    [
        ("invoices", lambda shop, who, _: shop.invoice_body(who, line_items=_lines(shop, {"total_amount": "10"}))),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, issue_date="soon")),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, line_items=_lines(shop, {"total_amount": 10**13}))),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, line_items=_lines(shop, {"discount_amount": -1}))),
        ("invoices", lambda shop, _, __: shop.invoice_body("c-9")),
        ("invoice_payments", lambda shop, who, _: _without(shop.payment_body(who, "1"), "account_id")),
        ("invoice_payments", lambda shop, who, _: shop.payment_body(who, "-1")),
        ("invoice_credit_memos", lambda shop, who, _: _numeric_memo(shop.memo_body(who))),
        ("invoice_credit_memos", lambda shop, who, _: shop.memo_body(who, status="OPEN")),
        ("customer_refunds", lambda shop, _, __: shop.refund_body("1", currency_rate=1.1)),
        ("customer_refunds", lambda shop, _, __: shop.refund_body("1", line_items=[])),
        ("customer_refunds", lambda shop, _, __: shop.refund_body("1", line_items=[{"description": "x"}])),
        ("customers", lambda _, __, ___: {"customer": {"customer_name": "Ada"}}),
        ("customers", lambda _, __, ___: {"contact_name": "Ada"}),
        ("customers", lambda _, __, ___: {"customer": {"contact_name": "Eve"}, "response_mode": "later"}),
        ("accounts", lambda _, __, ___: {"account": {"account_type": "Bank", "currency_code": "USD", "name": "x"}}),
    ],
)
async def test_refused_before_acceptance(shop: Shop, path: str, build: Body) -> None:
    who = await shop.customer()
    answer = await shop.post(path, build(shop, who, {}), key="k")

    assert (answer.status_code, await _reason(shop)) == (400, "invalid_input")
    assert "x-rutter-job-id" not in answer.headers


def _numeric_memo(body: Json) -> Json:
    body["invoice_credit_memo"]["line_items"][0]["total_amount"] = 4
    return body


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"', b'{"customer": NaN}', b"\xff", b"[" * 100_000])
async def test_bodies_that_are_no_objects(shop: Shop, raw: bytes) -> None:
    where = "/versioned/accounting/customers"
    answer = await shop.http.post(where, params={"access_token": shop.access_token}, content=raw)

    assert answer.status_code == 400


def _application(customer: str, memo: str, invoice: str, amount: str) -> Json:
    return {
        "invoice_credit_application": {
            "customer_id": customer,
            "invoice_credit_memo_id": memo,
            "transaction_date": "2026-01-18",
            "currency_code": "USD",
            "linked_invoices": [{"id": invoice, "allocated_amount": Decimal(amount)}],
        }
    }


def _account(shop: Shop, who: str, role: str) -> Json:
    body = shop.payment_body(who, "1")
    body["invoice_payment"]["account_id"] = shop.accounts.get(role, NOBODY)
    return body


@pytest.mark.parametrize(
    ("path", "build", "reason"),
    [
        ("invoices", lambda shop, _, __: shop.invoice_body(NOBODY), "unknown_reference"),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, currency_code="GBP"), "customer_currency"),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, "1.005"), "excess_decimals"),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, "-1"), "negative_total"),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, document_number="1001"), "duplicate_document_number"),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, document_number="x" * 22), "too_long"),
        ("invoices", lambda shop, who, _: shop.invoice_body(who, line_items=[_on(NOBODY)]), "unknown_reference"),
        ("customers", lambda _, __, ___: {"customer": {"contact_name": "Ada Byron"}}, "duplicate_name"),
        ("items", lambda _, __, ___: {"item": {"name": "Sales"}}, "duplicate_name"),
        (
            "invoice_payments",
            lambda shop, who, inv: shop.payment_body(who, "10.01", (inv["id"], "10.01")),
            "over_open_balance",
        ),
        (
            "invoice_payments",
            lambda shop, who, inv: shop.payment_body(who, "9", (inv["id"], "9.50")),
            "over_total",
        ),
        (
            "invoice_payments",
            lambda shop, who, inv: shop.payment_body(who, "12", (inv["id"], "6"), (inv["id"], "6")),
            "over_open_balance",
        ),
        ("invoice_payments", lambda shop, who, _: shop.payment_body(who, "1", (NOBODY, "1")), "unknown_reference"),
        ("invoice_payments", lambda shop, who, _: _account(shop, who, "sales_income"), "wrong_account_type"),
        ("invoice_payments", lambda shop, who, _: _account(shop, who, "nobody"), "unknown_reference"),
        (
            "invoice_credit_applications",
            lambda _, who, inv: _application(who, NOBODY, inv["id"], "1"),
            "unknown_reference",
        ),
        ("customer_refunds", lambda shop, _, __: shop.refund_body("1", currency_code="GBP"), "unknown_currency"),
    ],
)
async def test_refused_by_the_platform(shop: Shop, path: str, build: Body, reason: str) -> None:
    who = await shop.customer()
    invoice = await shop.invoice(who, "10.00", document_number="1001")
    before = await shop.balances()
    answer = await shop.post(path, build(shop, who, invoice))

    assert (answer.status_code, await _reason(shop)) == (450, reason)
    assert "x-rutter-job-id" in answer.headers
    told: dict[str, Any] = answer.json()["error_metadata"]
    assert (told["source"], "Fault" in told["platform"]) == ("platform", True)
    assert await shop.balances() == before


def _on(item: str) -> Json:
    return {"total_amount": 1, "item": {"id": item}}


async def test_a_credit_is_applied_no_further_than_it_reaches(shop: Shop) -> None:
    who = await shop.customer()
    small, large = await shop.invoice(who, "3.00"), await shop.invoice(who, "50.00")
    memo = (await shop.post("invoice_credit_memos", shop.memo_body(who, "4.00"))).json()["invoice_credit_memo"]

    for invoice, amount, reason in ((small, "3.01", "over_open_balance"), (large, "4.01", "over_remaining")):
        refused = await shop.post("invoice_credit_applications", _application(who, memo["id"], invoice["id"], amount))
        assert (refused.status_code, await _reason(shop)) == (450, reason)


async def test_currencies_and_customers_do_not_mix(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS")
    ada, bob = await shop.customer("Ada", currency_code="USD"), await shop.customer("Bob", currency_code="EUR")
    assert (await shop.post("invoices", shop.invoice_body(bob))).status_code == 450
    invoice = await shop.invoice(ada)
    paid = await shop.post("invoice_payments", shop.payment_body(bob, "1", (invoice["id"], "1")))
    assert (paid.status_code, await _reason(shop)) == (450, "other_customer")


@pytest.mark.parametrize(("rule", "euro", "status"), [("first_document", "EUR", 200), ("home", "USD", 450)])
async def test_a_customer_made_without_a_currency(shop: Shop, rule: str, euro: str, status: int) -> None:
    await shop.control("switches", {"unstated_customer_currency": rule})
    who = await shop.customer()
    answer = await shop.post("invoices", shop.invoice_body(who, currency_code="EUR"))

    assert answer.status_code == status
    assert (await shop.get(f"accounting/customers/{who}")).json()["customer"]["currency_code"] == euro


async def test_closed_period_and_its_reopening(opening: Opening) -> None:
    shop = await opening(closing_date="2026-01-15")
    who = await shop.customer()
    refused = await shop.post("invoices", shop.invoice_body(who))
    assert (refused.status_code, await _reason(shop)) == (450, "closed_period")
    info = (await shop.get("accounting/company_info")).json()["company_info"]
    assert (info["additional_fields"], info["currency_code"]) == ({"closing_date": "2026-01-15"}, "USD")

    assert (await shop.post("invoices", shop.invoice_body(who, issue_date="2026-01-16"))).status_code == 200
    await shop.control("connections/edit", {"connection_id": shop.connection_id, "closing_date": None})
    assert (await shop.post("invoices", shop.invoice_body(who))).status_code == 200


async def test_what_is_not_active_is_refused(shop: Shop) -> None:
    who = await shop.customer()
    asked = {"connection_id": shop.connection_id, "type": "account", "id": shop.accounts["stripe_clearing"]}
    await shop.control("documents/edit", {**asked, "fields": {"status": "inactive"}})
    refused = await shop.post("invoice_payments", shop.payment_body(who, "1"))
    assert (refused.status_code, await _reason(shop)) == (450, "inactive_reference")

    await shop.patch(f"customers/{who}", {"customer": {"status": "archived"}})
    refused = await shop.post("invoices", shop.invoice_body(who))
    assert (refused.status_code, await _reason(shop)) == (450, "inactive_reference")


async def test_prepayments_only_where_the_platform_has_them(opening: Opening) -> None:
    for platform, status in (("QUICKBOOKS", 200), ("NETSUITE", 200), ("XERO", 450)):
        shop = await opening(platform)
        answer = await shop.post("invoice_payments", shop.payment_body(await shop.customer(), "5"))
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("switch", "value", "total", "status", "booked"),
    [
        ("line_arithmetic", "accept", "9.99", 200, 9.99),
        ("line_arithmetic", "refuse", "9.99", 450, None),
        ("line_arithmetic", "recompute", "9.99", 200, 10.0),
        ("excess_decimals", "round", "10.005", 200, 10.01),
        ("duplicate_document_number", "accept", "9.99", 200, 9.99),
        ("duplicate_document_number", "refuse", "9.99", 450, None),
    ],
)
async def test_switched_refusals(
    shop: Shop, switch: str, value: str, *, total: str, status: int, booked: float | None
) -> None:
    await shop.control("switches", {switch: value})
    who = await shop.customer()
    await shop.invoice(who, document_number="1001")
    item = {"id": shop.items["Sales"], "quantity": 4, "unit_amount": Decimal("2.50")}
    body = shop.invoice_body(who, line_items=[{"total_amount": Decimal(total), "item": item}])
    body["invoice"]["document_number"] = "1001" if switch == "duplicate_document_number" else "1002"
    answer = await shop.post("invoices", body)

    assert answer.status_code == status
    assert answer.json().get("invoice", {}).get("total_amount") == booked


@pytest.mark.parametrize(("value", "status"), [("unapplied", 200), ("refuse", 450)])
async def test_switched_excess_payment(shop: Shop, value: str, status: int) -> None:
    await shop.control("switches", {"excess_payment": value})
    who = await shop.customer()
    invoice = await shop.invoice(who, "10")
    answer = await shop.post("invoice_payments", shop.payment_body(who, "12", (invoice["id"], "10")))

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("value", "status", "number"), [("ignore", 200, None), ("keep", 200, "CM-1"), ("refuse", 400, None)]
)
async def test_switched_fields_of_other_platforms(shop: Shop, value: str, status: int, number: str | None) -> None:
    await shop.control("switches", {"foreign_fields": value})
    answer = await shop.post("invoice_credit_memos", shop.memo_body(await shop.customer(), document_number="CM-1"))

    assert answer.status_code == status
    assert answer.json().get("invoice_credit_memo", {}).get("document_number") == number


@pytest.mark.parametrize("wrong", [{"latencyy": 1}, {"latency": -1}, {"async_status": 201}, {"stale_reads": True}])
async def test_a_wrong_switch_is_refused(http: httpx.AsyncClient, wrong: Json) -> None:
    assert (await http.post("/_sandbox/switches", json=wrong)).status_code == 400
