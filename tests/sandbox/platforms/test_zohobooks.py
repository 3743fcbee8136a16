"""Zoho Books: a tax of its own choice, a header's tax over lines, percentages off, a reason to edit what is paid."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.platforms.acts import line, paid_invoice, refusal, tax_rate, void

pytestmark = SHARED_LOOP


async def test_a_header_tax_is_spread_in_proportion(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS")
    ten, twenty = await tax_rate(shop, "Ten", 10), await tax_rate(shop, "Twenty", 20)
    lines = [
        line(shop, "10.00", tax_rate_id=ten),
        line(shop, "10.00", tax_rate_id=twenty),
        line(shop, "10.00"),
    ]
    extra = {"tax_amount": Decimal("2.00")}
    made = await shop.invoice(await shop.customer(), line_items=lines, additional_fields=extra)

    assert [one["tax_amount"] for one in made["line_items"]] == [0.67, 1.33, 0]
    assert (made["sub_total"], made["tax_amount"], made["total_amount"]) == (30.0, 2.0, 32.0)
    assert await shop.balances() == {
        "accounts_receivable USD": "32.00",
        "sales_income USD": "-30.00",
        "sales_tax_payable USD": "-2.00",
    }


async def test_a_header_tax_over_lines_of_no_percent_goes_by_their_amounts(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS")
    zero = await tax_rate(shop, "Zero", 0)
    lines = [line(shop, "10.00", tax_rate_id=zero), line(shop, "20.00", tax_rate_id=zero)]
    made = await shop.invoice(await shop.customer(), line_items=lines, additional_fields={"tax_amount": 1})

    assert [one["tax_amount"] for one in made["line_items"]] == [0.33, 0.67]


async def test_a_header_tax_needs_a_taxed_line(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS")
    body = shop.invoice_body(await shop.customer(), additional_fields={"tax_amount": 1})
    assert await refusal(shop, await shop.post("invoices", body)) == (450, "tax_without_line")


async def test_the_companys_default_tax_where_a_line_names_none(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS", default_tax="State")
    state, none = await tax_rate(shop, "State", 8), await tax_rate(shop, "None", 0)
    lines = [line(shop, "10.00"), line(shop, "10.00", tax_rate_id=none)]
    made = await shop.invoice(await shop.customer(), line_items=lines)

    assert [one["tax_rate_id"] for one in made["line_items"]] == [state, none]
    assert (made["tax_amount"], made["total_amount"]) == (0.8, 20.8)


@pytest.mark.parametrize(
    ("extra", "total", "discounts"),
    [
        ({"discount_percentage": Decimal("12.5")}, 8.75, "1.25"),
        ({"discount_amount": 3}, 7.0, "3"),
    ],
)
async def test_discounts_of_the_header(opening: Opening, extra: dict[str, Any], total: float, discounts: str) -> None:
    shop = await opening("ZOHOBOOKS")
    made = await shop.invoice(await shop.customer(), additional_fields=extra)

    assert made["total_amount"] == total
    assert (await shop.balances())["discounts USD"] == discounts


async def test_not_both_discounts(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS")
    extra = {"discount_amount": 1, "discount_percentage": 10}
    answer = await shop.post("invoices", shop.invoice_body(await shop.customer(), additional_fields=extra))
    assert await refusal(shop, answer) == (450, "two_discounts")


async def test_a_paid_invoice_is_edited_for_a_reason_and_never_voided(opening: Opening) -> None:
    shop = await opening("ZOHOBOOKS")
    invoice = await paid_invoice(shop)
    answer = await shop.patch(f"invoices/{invoice['id']}", {"invoice": {"memo": "x"}})
    assert await refusal(shop, answer) == (450, "missing_reason")
    reasoned = {"memo": "x", "additional_fields": {"reason": "typing error"}}
    assert (await shop.patch(f"invoices/{invoice['id']}", {"invoice": reasoned})).json()["invoice"]["memo"] == "x"

    assert await refusal(shop, await void(shop, invoice["id"])) == (400, "invalid_input")
    await shop.control("switches", {"unsupported_void": "ignore"})
    unpaid = await shop.invoice(invoice["customer_id"])
    assert (await void(shop, unpaid["id"])).json()["invoice"]["total_amount"] == 10.0


@pytest.mark.parametrize(
    ("platform", "switch", "option", "status"),
    [
        ("ZOHOBOOKS", "accept", None, 200),
        ("ZOHOBOOKS", "refuse_xero_zoho", None, 450),
        ("NETSUITE", "refuse_xero_zoho", None, 200),
        ("NETSUITE", "accept", "refuse", 450),
        ("ZOHOBOOKS", "refuse", "accept", 200),
    ],
)
async def test_quantity_times_price(
    opening: Opening, platform: str, switch: str, option: str | None, status: int
) -> None:
    shop = await opening(platform, line_arithmetic=option)
    await shop.control("switches", {"line_arithmetic": switch})
    item = {"id": shop.items["Sales"], "quantity": 3, "unit_amount": Decimal("3.33")}
    who = await shop.customer()
    off = await shop.post("invoices", shop.invoice_body(who, line_items=[line(shop, "10.00", item=item)]))
    exact = await shop.post("invoices", shop.invoice_body(who, line_items=[line(shop, "9.99", item=item)]))

    assert (off.status_code, exact.status_code) == (status, 200)
