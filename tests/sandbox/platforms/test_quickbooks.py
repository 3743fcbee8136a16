"""QuickBooks Online: tax, discount and shipping on the header; lines' rates only with VAT; prepayments."""

from decimal import Decimal

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.platforms.acts import line, paid_invoice, read, refusal, tax_rate, void
from tests.sandbox.shop import Shop

pytestmark = SHARED_LOOP


async def test_header_tax_discount_and_shipping(shop: Shop) -> None:
    lines = [line(shop, "60.00"), line(shop, "40.00")]
    extra = {"tax_amount": Decimal("7.43"), "discount_amount": Decimal("10.00"), "shipping_amount": Decimal("5.00")}
    made = await shop.invoice(await shop.customer(), line_items=lines, additional_fields=extra)

    assert (made["sub_total"], made["discount_amount"], made["tax_amount"]) == (95.0, 10.0, 7.43)
    assert (made["total_amount"], made["amount_due"]) == (102.43, 102.43)
    assert await shop.balances() == {
        "accounts_receivable USD": "102.43",
        "sales_income USD": "-100.00",
        "discounts USD": "10.00",
        "shipping_income USD": "-5.00",
        "sales_tax_payable USD": "-7.43",
    }


async def test_a_line_rate_is_ignored_without_vat(shop: Shop) -> None:
    rate = await tax_rate(shop, "Standard", 20)
    made = await shop.invoice(await shop.customer(), line_items=[line(shop, "10.00", tax_rate_id=rate)])

    assert (made["tax_amount"], made["total_amount"]) == (0, 10.0)


async def test_a_line_rate_counts_with_vat(opening: Opening) -> None:
    shop = await opening(vat=True)
    rate = await tax_rate(shop, "Standard", 20)
    made = await shop.invoice(await shop.customer(), line_items=[line(shop, "10.03", tax_rate_id=rate)])

    assert (made["tax_amount"], made["total_amount"]) == (2.01, 12.04)


@pytest.mark.parametrize(
    ("switches", "tax"),
    [
        ({}, 0.62),  # nine tenths taxed: 0.2475 and 0.367785, each to the cent
        ({"tax_rounding": "header"}, 0.62),  # 0.615285 once
        ({"header_discount": "after_tax"}, 0.69),  # 0.275 and 0.40865: 0.28 + 0.41
        ({"header_discount": "after_tax", "tax_rounding": "header"}, 0.68),  # 0.68365
        ({"unstated_sales_taxable": "no"}, 0.25),  # the line that says so only
    ],
)
async def test_the_headers_rate_on_taxable_lines(shop: Shop, switches: dict[str, str], tax: float) -> None:
    await shop.control("switches", switches)
    rate = await tax_rate(shop, "State", 5.5)
    lines = [
        line(shop, "5.00", additional_fields={"sales_taxable": True}),
        line(shop, "7.43"),
        line(shop, "7.57", additional_fields={"sales_taxable": False}),
    ]
    extra = {"tax_rate_id": rate, "discount_amount": 2}
    made = await shop.invoice(await shop.customer(), line_items=lines, additional_fields=extra)

    assert made["tax_amount"] == tax


async def test_what_the_company_has_not_is_refused(shop: Shop) -> None:
    who, nothing = await shop.customer(), "00000000-0000-4000-8000-000000000000"
    for fields in (
        {"class_id": nothing},
        {"payment_terms_id": nothing},
        {"additional_fields": {"department_id": nothing}},
        {"additional_fields": {"tax_rate_id": nothing}},
        {"line_items": [line(shop, "1.00", class_id=nothing)]},
    ):
        answer = await shop.post("invoices", shop.invoice_body(who, **fields))
        assert await refusal(shop, answer) == (450, "unknown_reference")


async def test_terms_make_the_due_date(shop: Shop) -> None:
    (term,) = [
        one["id"]
        for one in (await shop.get("accounting/payment_terms")).json()["payment_terms"]
        if one["term_name"] == "Net 15"
    ]
    made = await shop.invoice(await shop.customer(), payment_terms_id=term)

    assert (made["payment_terms_id"], made["due_date"]) == (term, "2026-01-30")


async def test_a_prepayment_is_put_on_its_invoice_later(shop: Shop) -> None:
    who = await shop.customer()
    paid = (await shop.post("invoice_payments", shop.payment_body(who, "10.00"))).json()["invoice_payment"]
    invoice = await shop.invoice(who, "8.00")
    links = [{"id": invoice["id"], "amount": 8}]
    await shop.patch(f"invoice_payments/{paid['id']}", {"invoice_payment": {"linked_invoices": links}})

    assert (await read(shop, "invoices", invoice["id"]))["status"] == "paid"
    assert (await read(shop, "invoice_payments", paid["id"]))["linked_invoices"][0]["amount"] == "8"
    assert await shop.balances() == {
        "stripe_clearing USD": "10.00",
        "accounts_receivable USD": "-2.00",
        "sales_income USD": "-8.00",
    }

    await shop.patch(f"invoice_payments/{paid['id']}", {"invoice_payment": {"linked_invoices": [], "total_amount": 9}})
    now = await read(shop, "invoices", invoice["id"])
    assert (now["status"], now["amount_due"]) == ("open", 8)
    assert (await shop.balances())["accounts_receivable USD"] == "-1.00"


async def test_only_void_changes_a_status_and_not_when_paid(shop: Shop) -> None:
    invoice = await paid_invoice(shop)
    assert await refusal(shop, await void(shop, invoice["id"])) == (450, "has_payments")
    answer = await shop.patch(f"invoices/{invoice['id']}", {"invoice": {"status": "draft"}})
    assert await refusal(shop, answer) == (400, "invalid_input")

    await shop.control("switches", {"void_of_paid": "unlink"})
    voided = await void(shop, invoice["id"])
    assert (voided.json()["invoice"]["status"], voided.json()["invoice"]["total_amount"]) == ("void", 0)
    assert await shop.balances() == {"stripe_clearing USD": "10.00", "accounts_receivable USD": "-10.00"}


async def test_numbers_of_twenty_one_characters_and_once(shop: Shop) -> None:
    who = await shop.customer()
    await shop.invoice(who, document_number="N" * 21)
    again = await shop.post("invoices", shop.invoice_body(who, document_number="N" * 21))
    assert await refusal(shop, again) == (450, "duplicate_document_number")
    longer = await shop.post("invoices", shop.invoice_body(who, document_number="N" * 22))
    assert await refusal(shop, longer) == (450, "too_long")
