"""Xero: tax and discount by line, draft and open, voids of what is open and unpaid, no prepayments."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.platforms.acts import line, paid_invoice, read, refusal, tax_rate, void

pytestmark = SHARED_LOOP


async def test_lines_are_taxed_by_their_rate_or_their_own_amount(opening: Opening) -> None:
    shop = await opening("XERO")
    gst = await tax_rate(shop, "GST", 10)
    lines = [
        line(shop, "10.05", tax_rate_id=gst),
        line(shop, "20.00", tax_rate_id=gst, additional_fields={"tax_amount": Decimal("1.99")}),
        line(shop, "5.00"),
    ]
    made = await shop.invoice(await shop.customer(), line_items=lines, additional_fields={"tax_amount": 99})

    assert [one["tax_amount"] for one in made["line_items"]] == [1.01, 1.99, 0]
    assert (made["sub_total"], made["tax_amount"], made["total_amount"]) == (35.05, 3.0, 38.05)
    assert await shop.balances() == {
        "accounts_receivable USD": "38.05",
        "sales_income USD": "-35.05",
        "sales_tax_payable USD": "-3.00",
    }


@pytest.mark.parametrize(
    ("switch", "asked", "total"),
    [
        ("off_total", {"discount_amount": Decimal("1.50")}, 8.5),
        ("within_total", {"discount_amount": Decimal("1.50")}, 10.0),
        ("off_total", {"additional_fields": {"discount_percentage": Decimal("12.5")}}, 8.75),
    ],
)
async def test_a_lines_discount_lessens_its_income(
    opening: Opening, switch: str, asked: dict[str, Any], total: float
) -> None:
    shop = await opening("XERO")
    await shop.control("switches", {"line_discount": switch})
    made = await shop.invoice(await shop.customer(), line_items=[line(shop, "10.00", **asked)])

    assert made["total_amount"] == total
    assert made["discount_amount"] == made["line_items"][0]["discount_amount"] == (1.25 if total == 8.75 else 1.5)
    balances = {role: float(amount) for role, amount in (await shop.balances()).items()}
    assert balances == {"accounts_receivable USD": total, "sales_income USD": -total}


@pytest.mark.parametrize(
    ("switch", "total", "status"),
    [("off_total", "10.00", 200), ("off_total", "9.00", 450), ("within_total", "9.00", 200)],
)
async def test_quantity_times_price_before_the_discount(opening: Opening, switch: str, total: str, status: int) -> None:
    shop = await opening("XERO", line_arithmetic="refuse")
    await shop.control("switches", {"line_discount": switch})
    item = {"id": shop.items["Sales"], "quantity": 2, "unit_amount": 5}
    body = shop.invoice_body(await shop.customer(), line_items=[line(shop, total, item=item, discount_amount=1)])
    answer = await shop.post("invoices", body)

    assert answer.status_code == status
    assert status != 200 or answer.json()["invoice"]["total_amount"] == 9.0


async def test_a_lines_account_goes_before_its_items(opening: Opening) -> None:
    shop = await opening("XERO")
    await shop.invoice(
        await shop.customer(), line_items=[line(shop, "10.00", account_id=shop.accounts["tips_payable"])]
    )

    assert await shop.balances() == {"accounts_receivable USD": "10.00", "tips_payable USD": "-10.00"}


async def test_draft_then_open_then_void_only(opening: Opening) -> None:
    shop = await opening("XERO")
    draft = await shop.invoice(await shop.customer(), status="draft")
    assert await shop.balances() == {}
    assert await refusal(shop, await void(shop, draft["id"])) == (450, "wrong_status")

    opened = await shop.patch(f"invoices/{draft['id']}", {"invoice": {"status": "open"}})
    assert opened.json()["invoice"]["status"] == "open"
    assert (await shop.balances())["sales_income USD"] == "-10.00"
    back = await shop.patch(f"invoices/{draft['id']}", {"invoice": {"status": "draft"}})
    assert await refusal(shop, back) == (450, "wrong_status")

    voided = await void(shop, draft["id"])
    assert (voided.json()["invoice"]["status"], await shop.balances()) == ("void", {})


async def test_paid_is_not_voided_and_payments_need_an_invoice(opening: Opening) -> None:
    shop = await opening("XERO")
    invoice = await paid_invoice(shop)
    assert await refusal(shop, await void(shop, invoice["id"])) == (450, "has_payments")
    prepaid = await shop.post("invoice_payments", shop.payment_body(invoice["customer_id"], "5"))
    assert await refusal(shop, prepaid) == (450, "missing_invoice")


async def test_credit_memo_with_tax_and_tax_within(opening: Opening) -> None:
    shop = await opening("XERO")
    gst = await tax_rate(shop, "GST", 10)
    who = await shop.customer()
    taxed = {"description": "back", "total_amount": "11.00", "additional_fields": {"tax_rate_id": gst}}
    for extra, total in ({}, "12.10"), ({"tax_inclusive": True}, "11.00"):
        body = shop.memo_body(who, line_items=[taxed], additional_fields=extra)
        made = (await shop.post("invoice_credit_memos", body)).json()["invoice_credit_memo"]
        assert made["total_amount"] == total

    assert await shop.balances() == {
        "accounts_receivable USD": "-23.10",
        "sales_income USD": "21.00",
        "sales_tax_payable USD": "2.10",
    }


async def test_no_tags_but_tracking_and_addresses_go_to_the_contact(opening: Opening) -> None:
    shop = await opening("XERO")
    who = await shop.customer()
    for path in ("classes", "departments", "locations", "payment_terms", "payment_methods"):
        answer = await shop.get(f"accounting/{path}")
        assert await refusal(shop, answer) == (404, "not_supported"), path
    unknown = line(shop, "1.00", custom_fields={"nonsense": "x"})
    answer = await shop.post("invoices", shop.invoice_body(who, line_items=[unknown]))
    assert await refusal(shop, answer) == (450, "unknown_reference")

    address = {"type": "billing", "city": "Wellington"}
    tracked = line(shop, "1.00", custom_fields={"tracking_region": "North"})
    made = await shop.invoice(who, line_items=[tracked], additional_fields={"addresses": [address]})
    assert (made["addresses"], made["line_items"][0]["custom_fields"]) == ([], {"tracking_region": "North"})
    assert (await read(shop, "customers", who))["addresses"][0]["city"] == "Wellington"


async def test_a_bank_account_needs_its_number_where_the_switch_insists(opening: Opening) -> None:
    shop = await opening("XERO")
    await shop.control("switches", {"bank_account_number": "required"})
    account = {"account_type": "bank", "currency_code": "USD", "name": "Second"}
    assert (await shop.post("accounts", {"account": account})).status_code == 450
    numbered = {**account, "additional_fields": {"bank_account_number": "12-3456"}}
    assert (await shop.post("accounts", {"account": numbered})).status_code == 200


async def test_one_contact_in_two_currencies(opening: Opening) -> None:
    shop = await opening("XERO")
    who = await shop.customer()
    assert (await shop.post("invoices", shop.invoice_body(who))).status_code == 200
    assert (await shop.post("invoices", shop.invoice_body(who, currency_code="EUR"))).status_code == 200

    strict = await opening("XERO", customer_one_currency=True)
    who = await strict.customer()
    await strict.invoice(who)
    answer = await strict.post("invoices", strict.invoice_body(who, currency_code="EUR"))
    assert await refusal(strict, answer) == (450, "customer_currency")
