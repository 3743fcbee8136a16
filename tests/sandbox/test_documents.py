"""Each document: what it answers, in Rutter's number types, and what it does to the books."""

from decimal import Decimal

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Shop

pytestmark = SHARED_LOOP


async def test_invoice_posts_receivable_income_and_header_tax(shop: Shop) -> None:
    customer = await shop.customer()
    made = await shop.invoice(
        customer,
        "20.00",
        document_number="1001",
        memo="Order 1001",
        additional_fields={"tax_amount": Decimal("1.60"), "shipping_amount": 5, "discount_amount": 2},
    )

    assert made["status"] == "open"
    assert (made["sub_total"], made["tax_amount"], made["total_amount"], made["amount_due"]) == (23.0, 1.6, 24.6, 24.6)
    assert (made["document_number"], made["memo"]) == ("1001", "Order 1001")
    assert await shop.balances() == {
        "accounts_receivable USD": "24.60",
        "sales_income USD": "-20.00",
        "shipping_income USD": "-5",
        "discounts USD": "2",
        "sales_tax_payable USD": "-1.60",
    }


async def test_negative_lines_and_items_on_their_own_accounts(shop: Shop) -> None:
    customer = await shop.customer()
    amounts = {"Sales": "10.00", "Shipping": "3.00", "Tip": "1.50", "Discount": "-2.00", "Rounding": "-0.01"}
    lines = [
        {"total_amount": Decimal(amount), "description": name, "item": {"id": shop.items[name]}}
        for name, amount in amounts.items()
    ]
    made = await shop.invoice(customer, line_items=lines)

    assert made["total_amount"] == 12.49
    assert await shop.balances() == {
        "accounts_receivable USD": "12.49",
        "sales_income USD": "-10.00",
        "shipping_income USD": "-3.00",
        "tips_payable USD": "-1.50",
        "discounts USD": "2.00",
        "rounding USD": "0.01",
    }


async def test_numbers_keep_their_digits_on_the_wire(shop: Shop) -> None:
    customer = await shop.customer(currency_code="KWD")
    answer = await shop.post("invoices", shop.invoice_body(customer, Decimal("123456789.123"), currency_code="KWD"))

    assert b'"total_amount":123456789.123' in answer.content


async def test_payment_takes_off_what_is_due_and_is_answered_in_strings(shop: Shop) -> None:
    customer = await shop.customer()
    invoice = await shop.invoice(customer, "10.00")
    first = await shop.post("invoice_payments", shop.payment_body(customer, "4.00", (invoice["id"], "4.00")))

    paid = first.json()["invoice_payment"]
    assert paid["total_amount"] == "4.00"
    assert paid["linked_invoices"][0]["amount"] == "4.00"
    now = (await shop.get(f"accounting/invoices/{invoice['id']}")).json()["invoice"]
    assert (now["status"], now["amount_due"]) == ("partially_paid", 6.0)
    assert now["linked_payments"] == [
        {
            "id": paid["id"],
            "allocated_date": "2026-01-16",
            "allocated_amount": 4.0,
            "type": "INVOICE_PAYMENT",
        }
    ]

    await shop.post("invoice_payments", shop.payment_body(customer, "6.00", (invoice["id"], "6.00")))
    now = (await shop.get(f"accounting/invoices/{invoice['id']}")).json()["invoice"]
    assert (now["status"], now["amount_due"]) == ("paid", 0.0)
    assert await shop.balances() == {"stripe_clearing USD": "10.00", "sales_income USD": "-10.00"}


async def test_excess_stays_as_the_customers_credit(shop: Shop) -> None:
    customer = await shop.customer()
    invoice = await shop.invoice(customer, "10.00")
    await shop.post("invoice_payments", shop.payment_body(customer, "12.00", (invoice["id"], "10.00")))

    (owed,) = (await shop.books())["receivables"]
    assert (owed["customer_id"], owed["currency"], owed["balance"]) == (customer, "USD", "-2.00")


async def test_credit_memo_speaks_in_strings_and_capitals(shop: Shop) -> None:
    customer = await shop.customer()
    answer = await shop.post("invoice_credit_memos", shop.memo_body(customer, "4.00"))

    memo = answer.json()["invoice_credit_memo"]
    assert (memo["status"], memo["total_amount"], memo["remaining_amount"]) == ("OPEN", "4.00", "4.00")
    line = memo["line_items"][0]
    assert (line["amount"], line["sub_total"], line["quantity"], line["unit_amount"]) == ("4.00", "4.00", 1, "4.00")
    assert memo["issue_date"] == "2026-01-17"
    assert await shop.balances() == {"accounts_receivable USD": "-4.00", "sales_income USD": "4.00"}


async def test_credit_application_links_and_moves_nothing(shop: Shop) -> None:
    customer = await shop.customer()
    invoice = await shop.invoice(customer, "10.00")
    memo = (await shop.post("invoice_credit_memos", shop.memo_body(customer, "4.00"))).json()["invoice_credit_memo"]
    before = await shop.balances()
    application = {
        "customer_id": customer,
        "invoice_credit_memo_id": memo["id"],
        "transaction_date": "2026-01-18",
        "currency_code": "USD",
        "linked_invoices": [{"id": invoice["id"], "allocated_amount": 3}],
    }
    applied = await shop.post("invoice_credit_applications", {"invoice_credit_application": application})

    assert applied.json() == {"invoice_credit_application": {"success": True}}
    assert await shop.balances() == before
    memo = (await shop.get(f"accounting/invoice_credit_memos/{memo['id']}")).json()["invoice_credit_memo"]
    assert (memo["status"], memo["remaining_amount"]) == ("PARTIALLY_APPLIED", "1.00")
    now = (await shop.get(f"accounting/invoices/{invoice['id']}")).json()["invoice"]
    assert (now["amount_due"], now["linked_payments"][0]["type"]) == (7.0, "INVOICE_CREDIT_MEMO")

    unapplied = {"invoice_credit_memo_id": memo["id"], "invoice_id": invoice["id"]}
    undone = await shop.post("invoice_credit_applications/unapply", {"invoice_credit_unapplication": unapplied})
    assert undone.json() == {"invoice_credit_unapplication": {"success": True}}
    memo = (await shop.get(f"accounting/invoice_credit_memos/{memo['id']}")).json()["invoice_credit_memo"]
    assert (memo["status"], memo["remaining_amount"]) == ("OPEN", "4.00")


async def test_customer_refund_leaves_the_receivable_alone(opening: Opening) -> None:
    shop = await opening("XERO")
    body = shop.refund_body("7.50", currency_code="EUR", currency_rate="1.1", transaction_date="2026-01-20")
    made = (await shop.post("customer_refunds", body)).json()["customer_refund"]

    assert (made["total_amount"], made["currency_rate"]) == (7.5, 1.1)
    assert await shop.balances() == {"sales_income EUR": "7.50", "stripe_clearing EUR": "-7.50"}


async def test_line_tax_by_rate(opening: Opening) -> None:
    shop = await opening(vat=True)
    rate = await shop.post("tax_rates", {"tax_rate": {"name": "Standard", "total_tax_rate": 8.25}})
    customer = await shop.customer()
    line = {
        "total_amount": 10,
        "item": {"id": shop.items["Sales"]},
        "tax_rate_id": rate.json()["tax_rate"]["id"],
    }
    made = await shop.invoice(customer, line_items=[line])

    assert (made["tax_amount"], made["total_amount"]) == (0.83, 10.83)


@pytest.mark.parametrize(
    ("platform", "reads_back"), [("QUICKBOOKS", "void"), ("NETSUITE", "paid"), ("QUICKBOOKS_DESKTOP", "paid")]
)
async def test_void_empties_the_invoice(opening: Opening, platform: str, reads_back: str) -> None:
    shop = await opening(platform)
    customer = await shop.customer()
    invoice = await shop.invoice(customer, "10.00")
    voided = await shop.patch(f"invoices/{invoice['id']}", {"invoice": {"status": "void"}})

    assert (voided.json()["invoice"]["status"], voided.json()["invoice"]["total_amount"]) == (reads_back, 0)
    assert await shop.balances() == {}


async def test_patch_replaces_lines_and_keeps_payments(shop: Shop) -> None:
    customer = await shop.customer()
    invoice = await shop.invoice(customer, "10.00", memo="one")
    await shop.post("invoice_payments", shop.payment_body(customer, "4.00", (invoice["id"], "4.00")))
    lines = [{"total_amount": 12, "item": {"id": shop.items["Sales"]}}]
    changed = (await shop.patch(f"invoices/{invoice['id']}", {"invoice": {"line_items": lines}})).json()["invoice"]

    assert (changed["total_amount"], changed["amount_due"], changed["status"]) == (12, 8.0, "partially_paid")
    assert (changed["memo"], changed["id"]) == ("one", invoice["id"])
    assert (await shop.balances())["accounts_receivable USD"] == "8.00"


async def test_delete_twice_and_the_event_it_leaves(shop: Shop) -> None:
    customer = await shop.customer()
    invoice = await shop.invoice(customer, "10.00")
    first, second = [await shop.delete(f"invoices/{invoice['id']}") for _ in range(2)]

    assert first.json() == {"code": "deleted", "success": True}
    assert second.json() == {"code": "not_found", "success": False}
    assert await shop.balances() == {}
    (event,) = (await shop.get("events", type="object_deleted", resources="INVOICE")).json()["events"]
    assert (event["resource"], event["data"]) == ("INVOICE", {"id": invoice["id"]})
