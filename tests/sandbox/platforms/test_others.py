"""QuickBooks Desktop, Sage Intacct, Dynamics 365 Business Central and FreshBooks: what is peculiar to each."""

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.platforms.acts import line, paid_invoice, read, refusal, tax_rate, void
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP


async def test_desktop_voids_into_paid_and_applies_by_itself(opening: Opening) -> None:
    shop = await opening("QUICKBOOKS_DESKTOP")
    who = await shop.customer()
    first, second = await shop.invoice(who, "10.00"), await shop.invoice(who, "12.00")
    body = shop.payment_body(who, "12.00")
    assert await refusal(shop, await shop.post("invoice_payments", body)) == (450, "missing_invoice")
    body["invoice_payment"]["additional_fields"] = {"auto_apply": True}
    paid = (await shop.post("invoice_payments", body)).json()["invoice_payment"]

    assert [link["id"] for link in paid["linked_invoices"]] == [second["id"]]
    assert (await read(shop, "invoices", second["id"]))["status"] == "paid"
    assert (await void(shop, first["id"])).json()["invoice"]["status"] == "paid"
    assert await refusal(shop, await void(shop, second["id"])) == (450, "has_payments")
    assert await shop.balances() == {"stripe_clearing USD": "12.00", "sales_income USD": "-12.00"}


async def test_desktop_taxes_by_the_headers_rate(opening: Opening) -> None:
    shop = await opening("QUICKBOOKS_DESKTOP")
    rate = await tax_rate(shop, "County", 7)
    lines = [line(shop, "10.00"), line(shop, "0.50", tax_rate_id=rate)]
    extra = {"tax_rate_id": rate, "tax_amount": 9}
    made = await shop.invoice(await shop.customer(), line_items=lines, additional_fields=extra)

    assert (made["tax_amount"], made["total_amount"]) == (0.74, 11.24)  # 0.70 + 0.035 up


async def test_intacct_has_no_filters_by_name_and_no_ids_of_the_platform(opening: Opening) -> None:
    shop = await opening("SAGE_INTACCT")
    who = await shop.customer("Ada")
    await shop.customer("Bob")
    found = (await shop.get("accounting/customers", customer_name="Ada")).json()["customers"]
    assert [one["customer_name"] for one in found] == ["Bob", "Ada"]
    by_platform = await shop.get(f"accounting/customers/{found[0]['platform_id']}", id_type="platform")
    assert await refusal(shop, by_platform) == (400, "invalid_input")
    assert len((await shop.get("accounting/customers", updated_at_min="0")).json()["customers"]) == 2
    assert (await shop.get("accounting/customers", filter="x")).status_code == 400

    made = await shop.invoice(who, document_number="LH-1", line_items=[line(shop, "3.00", tax_rate_id=who)])
    assert (made["document_number"], made["tax_amount"]) == ("AUTO-1", 0)


@pytest.mark.parametrize(
    ("platform", "booked"), [("SAGE_INTACCT", "sales_income USD"), ("SAGE_INTACCT_V2", "tips_payable USD")]
)
async def test_intacct_takes_a_lines_account_in_its_second_version(
    opening: Opening, platform: str, booked: str
) -> None:
    shop = await opening(platform)
    lines = [line(shop, "10.00", account_id=shop.accounts["tips_payable"])]
    await shop.invoice(await shop.customer(), line_items=lines)

    assert await shop.balances() == {"accounts_receivable USD": "10.00", booked: "-10.00"}


async def test_dynamics_replaces_a_ledger_entry_by_the_invoice(opening: Opening) -> None:
    shop = await opening("DYNAMICS365", ledger_invoices=True)
    who = await shop.customer()
    entry = await shop.invoice(who, "10.00", due_date="2026-02-15")
    assert (entry["line_items"], entry["due_date"], entry["sub_total"]) == ([], None, None)
    assert (entry["tax_amount"], entry["discount_amount"], entry["total_amount"]) == (None, None, 10.0)
    paid = await shop.post("invoice_payments", shop.payment_body(who, "4.00", (entry["id"], "4.00")))
    payment_id = paid.json()["invoice_payment"]["id"]

    asked = {"connection_id": shop.connection_id, "id": entry["id"]}
    invoice = await shop.control("documents/replace", asked)
    assert invoice["id"] != entry["id"]
    assert (invoice["due_date"], invoice["sub_total"], invoice["tax_amount"]) == ("2026-02-15", 10.0, 0)
    assert (invoice["amount_due"], invoice["status"], len(invoice["line_items"])) == (6.0, "partially_paid", 1)
    assert (await shop.get(f"accounting/invoices/{entry['id']}")).status_code == 410
    assert [one["id"] for one in (await read(shop, "invoice_payments", payment_id))["linked_invoices"]] == [
        invoice["id"]
    ]
    (event,) = (await shop.get("events", type="object_deleted")).json()["events"]
    assert event["data"] == {"id": entry["id"]}

    await shop.delete(f"invoices/{invoice['id']}")
    assert await shop.balances() == {"stripe_clearing USD": "4.00", "accounts_receivable USD": "-4.00"}


async def test_a_replacement_is_told_as_a_deletion_and_a_creation(opening: Opening) -> None:
    shop = await opening("DYNAMICS365", ledger_invoices=True, webhook_url="http://127.0.0.1:9/nobody")
    entry = await shop.invoice(await shop.customer())
    await shop.control("switches", {"object_webhooks": True})
    await shop.control("documents/replace", {"connection_id": shop.connection_id, "id": entry["id"]})

    told = [one["code"] for one in (await shop.told("webhooks"))["deliveries"]]
    assert [code for code in told if code.startswith("INVOICE_")] == ["INVOICE_DELETED", "INVOICE_CREATED"]


async def test_dynamics_shows_a_memos_link_by_its_comment_only(opening: Opening) -> None:
    shop = await opening("DYNAMICS365")
    who = await shop.customer()
    invoice = await shop.invoice(who, "10.00")
    for comment, links in (("back", []), (f"Invoice {invoice['document_number']}", [invoice["id"]])):
        body = shop.memo_body(who, "4.00")
        body["invoice_credit_memo"]["line_items"][0]["description"] = comment
        memo = (await shop.post("invoice_credit_memos", body)).json()["invoice_credit_memo"]
        applied = await shop.post("invoice_credit_applications", _application(who, memo["id"], invoice["id"]))
        assert applied.status_code == 200
        shown = await read(shop, "invoice_credit_memos", memo["id"])
        assert ([one["id"] for one in shown["linked_invoices"]], shown["status"]) == (links, "APPLIED")


def _application(who: str, memo_id: str, invoice_id: str) -> Json:
    return {
        "invoice_credit_application": {
            "customer_id": who,
            "invoice_credit_memo_id": memo_id,
            "transaction_date": "2026-01-18",
            "currency_code": "USD",
            "linked_invoices": [{"id": invoice_id, "allocated_amount": 4}],
        }
    }


async def test_freshbooks_wants_a_currency_and_a_language_of_customers(opening: Opening) -> None:
    shop = await opening("FRESHBOOKS")
    refused = await shop.post("customers", {"customer": {"contact_name": "Ada"}})
    assert (refused.status_code, "x-rutter-job-id" in refused.headers) == (400, False)
    who = await shop.customer(currency_code="USD", language="en")
    made = await shop.invoice(who, document_number="LH-1", memo="x")
    assert (made["document_number"], made["memo"], made["total_amount"]) == ("AUTO-1", None, 10.0)


@pytest.mark.parametrize("platform", ["SAGE_INTACCT", "SAGE_INTACCT_V2", "DYNAMICS365", "ZOHOBOOKS", "FRESHBOOKS"])
async def test_where_nothing_is_voided(opening: Opening, platform: str) -> None:
    shop = await opening(platform)
    extra = {"currency_code": "USD", "language": "en"}
    invoice = await shop.invoice(await shop.customer(**extra))
    assert (await void(shop, invoice["id"])).status_code == 400
    assert (await shop.balances())["sales_income USD"] == "-10.00"


async def test_a_person_voids_what_is_paid(shop: Shop) -> None:
    invoice = await paid_invoice(shop)
    await shop.control("documents/void", {"connection_id": shop.connection_id, "type": "invoice", "id": invoice["id"]})
    assert await shop.balances() == {"stripe_clearing USD": "10.00", "accounts_receivable USD": "-10.00"}
