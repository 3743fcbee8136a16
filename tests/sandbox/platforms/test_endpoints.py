"""What a platform has, has not, and what nobody can tell; closed periods and quotas as each platform says them."""

import httpx
import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.platforms.acts import line, refusal
from tests.sandbox.shop import Shop

pytestmark = SHARED_LOOP
ALL = (
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 ZOHOBOOKS FRESHBOOKS"
).split()
READ = {  # object -> the platforms that have a list of it, then those where nothing is known of it
    "accounts": (ALL, []),
    "tax_rates": (ALL[:8], []),
    "payment_methods": (["QUICKBOOKS", "QUICKBOOKS_DESKTOP", "NETSUITE", "DYNAMICS365"], []),
    "payment_terms": (["QUICKBOOKS", "QUICKBOOKS_DESKTOP", "NETSUITE"], []),
    "departments": (["QUICKBOOKS", "NETSUITE", "SAGE_INTACCT", "SAGE_INTACCT_V2"], []),
    "locations": (["NETSUITE", "SAGE_INTACCT", "SAGE_INTACCT_V2", "DYNAMICS365"], []),
    "classes": ([one for one in ALL if one not in ("XERO", "FRESHBOOKS")], []),
    "currencies": (["QUICKBOOKS", "XERO", "NETSUITE", "ZOHOBOOKS"], []),
    "customer_refunds": (["QUICKBOOKS", "XERO", "NETSUITE"], []),
    "invoices": (ALL[:8], ["FRESHBOOKS"]),
    "invoice_payments": (ALL[:6], ["DYNAMICS365", "ZOHOBOOKS", "FRESHBOOKS"]),
    "invoice_credit_memos": (ALL[:7], ["ZOHOBOOKS", "FRESHBOOKS"]),
}


@pytest.mark.parametrize("platform", ALL)
@pytest.mark.parametrize("unknown", ["accept", "refuse"])
async def test_lists_that_a_platform_has(opening: Opening, platform: str, unknown: str) -> None:
    shop = await opening(platform)
    await shop.control("switches", {"unknown_endpoints": unknown})
    for plural, (has, untold) in READ.items():
        there = platform in has or (platform in untold and unknown == "accept")
        answer = await shop.get(f"accounting/{plural}")
        assert answer.status_code == (200 if there else 404), plural
        assert there or answer.json()["error_message"].endswith(f"is not supported for this platform: {platform}")


@pytest.mark.parametrize(
    ("platform", "path"),
    [
        ("FRESHBOOKS", "accounts"),
        ("XERO", "tax_rates"),
        ("QUICKBOOKS_DESKTOP", "customer_refunds"),
        ("ZOHOBOOKS", "customer_refunds"),
    ],
)
async def test_what_cannot_be_made(opening: Opening, platform: str, path: str) -> None:
    shop = await opening(platform)
    assert await refusal(shop, await shop.post(path, {})) == (404, "not_supported")


async def test_what_nothing_is_known_of(opening: Opening) -> None:
    shop = await opening("DYNAMICS365")
    who = await shop.customer()
    invoice = await shop.invoice(who)
    await shop.control("switches", {"unknown_endpoints": "refuse"})

    assert (await shop.post("invoices", shop.invoice_body(who))).status_code == 404
    assert (await shop.delete(f"invoices/{invoice['id']}")).status_code == 404
    assert (await shop.get(f"accounting/invoices/{invoice['id']}")).status_code == 200


@pytest.mark.parametrize("platform", ALL)
async def test_a_closed_period_is_read_on_quickbooks_and_learned_elsewhere(opening: Opening, platform: str) -> None:
    shop = await opening(platform, closing_date="2026-01-31")
    extra = {"currency_code": "USD", "language": "en"}
    answer = await shop.post("invoices", shop.invoice_body(await shop.customer(**extra)))
    assert await refusal(shop, answer) == (450, "closed_period")
    told = "2026-01-31" in answer.json()["error_message"]
    assert told == (platform in ("QUICKBOOKS", "XERO", "ZOHOBOOKS"))
    info = (await shop.get("accounting/company_info")).json()["company_info"]
    assert ("closing_date" in info["additional_fields"]) == (platform == "QUICKBOOKS")


@pytest.mark.parametrize(("switch", "status"), [("accept", 200), ("refuse", 450)])
async def test_a_payment_in_an_open_month_for_an_invoice_in_a_closed_one(shop: Shop, switch: str, status: int) -> None:
    who = await shop.customer()
    invoice = await shop.invoice(who)
    await shop.control("connections/edit", {"connection_id": shop.connection_id, "closing_date": "2026-01-15"})
    await shop.control("switches", {"closed_invoice_payment": switch})

    answer = await shop.post("invoice_payments", shop.payment_body(who, "10.00", (invoice["id"], "10.00")))
    assert answer.status_code == status


async def test_a_full_quota_is_a_452_without_a_job(opening: Opening, http: httpx.AsyncClient) -> None:
    shop = await opening(calls_per_minute=2)
    other = await opening()
    for name in ("Ada", "Bob"):
        await shop.customer(name)
    answer = await shop.post("customers", {"customer": {"contact_name": "Eve"}}, key="k")
    assert (answer.status_code, "x-rutter-job-id" in answer.headers) == (452, False)
    assert (await shop.get("accounting/customers")).status_code == 200
    await other.customer("Eve")

    await http.post("/_sandbox/connections/edit", json={"connection_id": shop.connection_id, "minute_seconds": 1e-6})
    again = await shop.post("customers", {"customer": {"contact_name": "Eve"}}, key="k")
    assert again.status_code == 200


async def test_a_full_quota_may_spend_the_key(opening: Opening) -> None:
    shop = await opening(calls_per_day=1)
    await shop.control("switches", {"platform_rate_limit_accepted": True})
    await shop.customer("Ada")
    answer = await shop.post("customers", {"customer": {"contact_name": "Eve"}}, key="k")
    assert (answer.status_code, "x-rutter-job-id" in answer.headers) == (452, True)
    await shop.control("connections/edit", {"connection_id": shop.connection_id, "calls_per_day": None})
    assert (await shop.post("customers", {"customer": {"contact_name": "Eve"}}, key="k")).status_code == 452


async def test_taken_numbers_by_option(opening: Opening) -> None:
    shop = await opening("XERO", duplicate_numbers="refuse", number_length=4)
    who = await shop.customer()
    lines = [line(shop, "1.00")]
    await shop.invoice(who, document_number="LH-1", line_items=lines)
    assert await refusal(shop, await shop.post("invoices", shop.invoice_body(who, document_number="LH-1"))) == (
        450,
        "duplicate_document_number",
    )
    assert await refusal(shop, await shop.post("invoices", shop.invoice_body(who, document_number="LH-12"))) == (
        450,
        "too_long",
    )
