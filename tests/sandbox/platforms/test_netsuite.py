"""NetSuite: line rates, discount items, prepayments, numbers it gives itself, voids that read back as paid."""

from decimal import Decimal

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.platforms.acts import by_hand, line, paid_invoice, read, refusal, tax_rate, void

pytestmark = SHARED_LOOP


async def test_a_discount_item_books_on_its_own_account(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    side = {"account_id": shop.accounts["discounts"], "unit_price": "-3.00"}
    item = await by_hand(shop, "item", name="Loyalty", type="discount", invoice_item=side)
    rate = await tax_rate(shop, "VAT", 20)
    lines = [
        line(shop, "50.00", discount_item_id=item, discount_amount=Decimal("5.00"), tax_rate_id=rate),
        line(shop, "10.00", discount_item_id=item),
    ]
    made = await shop.invoice(await shop.customer(), line_items=lines)

    assert [one["discount_amount"] for one in made["line_items"]] == [5.0, 3.0]
    assert (made["sub_total"], made["discount_amount"], made["tax_amount"]) == (52.0, 8.0, 9.0)
    assert await shop.balances() == {
        "accounts_receivable USD": "61.00",
        "sales_income USD": "-60.00",
        "discounts USD": "8.00",
        "sales_tax_payable USD": "-9.00",
    }


async def test_a_discount_needs_a_discount_item(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    who = await shop.customer()
    sales = line(shop, "10.00", discount_item_id=shop.items["Sales"])
    answer = await shop.post("invoices", shop.invoice_body(who, line_items=[sales]))
    assert await refusal(shop, answer) == (450, "wrong_item_type")

    item = await by_hand(shop, "item", name="Loyalty", type="discount")
    rateless = line(shop, "10.00", discount_item_id=item)
    answer = await shop.post("invoices", shop.invoice_body(who, line_items=[rateless]))
    assert await refusal(shop, answer) == (450, "missing_discount")

    await shop.invoice(who, line_items=[line(shop, "10.00", discount_amount=4)])
    assert (await shop.balances())["discounts USD"] == "4"


async def test_void_reads_back_as_paid_with_nothing_in_it(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    invoice = await shop.invoice(await shop.customer())
    voided = (await void(shop, invoice["id"])).json()["invoice"]

    assert (voided["status"], voided["total_amount"], voided["amount_due"]) == ("paid", 0, 0)
    assert [one["total_amount"] for one in voided["line_items"]] == [0]
    assert await shop.balances() == {}
    paid = await paid_invoice(shop)
    assert await refusal(shop, await void(shop, paid["id"])) == (450, "has_payments")


async def test_prepayment(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    assert (await shop.post("invoice_payments", shop.payment_body(await shop.customer(), "5.00"))).status_code == 200
    assert await shop.balances() == {"stripe_clearing USD": "5.00", "accounts_receivable USD": "-5.00"}


async def test_numbers_where_it_lets_us_or_not(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    who = await shop.customer()
    assert (await shop.invoice(who, document_number="LH-1"))["document_number"] == "LH-1"
    answer = await shop.post("invoices", shop.invoice_body(who, document_number="N" * 46))
    assert await refusal(shop, answer) == (450, "too_long")

    locked = await opening("NETSUITE", number_override=False)
    made = await locked.invoice(await locked.customer(), document_number="LH-1")
    assert made["document_number"] == "AUTO-1"


async def test_header_amounts_of_other_platforms_are_not_taken(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    extra = {"tax_amount": 1, "discount_amount": 2, "shipping_amount": 3}
    who = await shop.customer()
    made = await shop.invoice(who, additional_fields=extra, memo="x")
    assert (made["total_amount"], made["memo"]) == (10.0, None)

    await shop.control("switches", {"foreign_fields": "refuse"})
    answer = await shop.post("invoices", shop.invoice_body(who, additional_fields=extra, memo="x"))
    assert answer.status_code == 400
    extras = ("discount_amount", "shipping_amount", "tax_amount")
    named = ", ".join([*(f"additional_fields.{name}" for name in extras), "memo"])
    assert answer.json()["error_message"] == f"not supported on NETSUITE: {named}"


async def test_a_deleted_credit_memo_is_told(opening: Opening) -> None:
    shop = await opening("NETSUITE")
    memo = (await shop.post("invoice_credit_memos", shop.memo_body(await shop.customer()))).json()
    memo_id = memo["invoice_credit_memo"]["id"]
    assert (await read(shop, "invoice_credit_memos", memo_id))["status"] == "OPEN"
    await shop.delete(f"invoice_credit_memos/{memo_id}")

    (event,) = (await shop.get("events", type="object_deleted")).json()["events"]
    assert event["resource"] == "INVOICE_CREDIT_MEMO"
