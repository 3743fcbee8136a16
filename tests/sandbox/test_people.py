"""What a person does in the accounting system: pays, merges, makes, edits, deletes; who hears of it, and when."""

from decimal import Decimal

import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop
from tests.sandbox.test_connections import Receiver, receiving

pytestmark = SHARED_LOOP


async def _by_hand(shop: Shop, act: str, **asked: object) -> Json:
    return await shop.control(f"documents/{act}", {"connection_id": shop.connection_id, **asked})


async def _invoice(shop: Shop, invoice_id: str) -> Json:
    told: Json = (await shop.get(f"accounting/invoices/{invoice_id}")).json()["invoice"]
    return told


async def test_an_invoice_is_paid_by_hand(shop: Shop) -> None:
    invoice = await shop.invoice(await shop.customer(), "10.00")
    part = await _by_hand(shop, "pay", id=invoice["id"], amount=4, date="2026-02-01", reference="cheque 7")
    assert (part["total_amount"], part["reference"], part["txn_date"]) == ("4", "cheque 7", "2026-02-01")
    assert (await _invoice(shop, invoice["id"]))["status"] == "partially_paid"

    await _by_hand(shop, "pay", id=invoice["id"])
    shown = await _invoice(shop, invoice["id"])
    assert (shown["status"], shown["amount_due"], len(shown["linked_payments"])) == ("paid", 0, 2)
    assert (await shop.balances())["checking USD"] == "10.00"


async def test_paying_more_than_is_due_is_refused(shop: Shop) -> None:
    invoice = await shop.invoice(await shop.customer(), "10.00")
    answer = await shop.http.post(
        "/_sandbox/documents/pay", json={"connection_id": shop.connection_id, "id": invoice["id"], "amount": 11}
    )

    assert (answer.status_code, "open" in answer.json()["error"]) == (400, True)


async def test_one_customer_is_merged_into_another(shop: Shop) -> None:
    ada, byron = await shop.customer("Ada", currency_code="USD"), await shop.customer("Byron", currency_code="USD")
    invoice = await shop.invoice(ada, "10.00")
    await shop.post("invoice_payments", shop.payment_body(ada, "4.00", (invoice["id"], "4.00")))
    before = await shop.balances()
    merged = await _by_hand(shop, "merge", id=ada, into=byron)

    assert (merged["id"], merged["status"]) == (ada, "archived")
    books = await shop.books()
    assert {row["document"]["customer_id"] for row in books["documents"]} == {byron}
    owed = [(row["customer_id"], Decimal(row["balance"])) for row in books["receivables"]]
    assert owed == [(byron, Decimal("6.00"))]
    assert await shop.balances() == before
    rest = await shop.post("invoice_payments", shop.payment_body(byron, "6.00", (invoice["id"], "6.00")))
    assert rest.status_code == 200


async def test_merging_two_currencies_is_refused(shop: Shop) -> None:
    ada, byron = await shop.customer("Ada"), await shop.customer("Byron")
    await shop.invoice(ada)
    await shop.invoice(byron, currency_code="EUR")
    answer = await shop.http.post(
        "/_sandbox/documents/merge", json={"connection_id": shop.connection_id, "id": ada, "into": byron}
    )

    assert (answer.status_code, "EUR" in answer.json()["error"]) == (400, True)


async def test_things_made_by_hand_take_any_number(opening: Opening) -> None:
    shop = await opening("XERO")
    customer = await _by_hand(shop, "create", type="customer", fields={"contact_name": "Ada"})
    body = shop.invoice_body(customer["id"])["invoice"]
    line = [{"total_amount": 10, "item": {"id": shop.items["Sales"]}}]
    fields = {**body, "line_items": line, "document_number": "a person's own number / 1"}
    invoice = await _by_hand(shop, "create", type="invoice", fields=fields)

    assert (await _invoice(shop, invoice["id"]))["document_number"] == "a person's own number / 1"
    (row,) = (await shop.books())["documents"]
    assert row["idempotency_key"] is None


@pytest.mark.parametrize(("platform", "before_sync"), [("QUICKBOOKS", ["INVOICE_UPDATED"]), ("NETSUITE", [])])
async def test_who_hears_at_once_and_who_at_the_next_sync(
    opening: Opening, platform: str, before_sync: list[str]
) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening(platform)
        invoice = await shop.invoice(await shop.customer())
        await shop.control("switches", {"object_webhooks": True, "stale_reads": "outside"})
        await shop.http.post("/_sandbox/webhooks", json={"url": url})
        await _by_hand(shop, "edit", type="invoice", id=invoice["id"], fields={"due_date": "2026-03-01"})
        told = [one["code"] for one in (await shop.told("webhooks"))["deliveries"]]
        assert told == before_sync
        assert (await _invoice(shop, invoice["id"]))["due_date"] is None

        await shop.control("connections/sync", {"connection_id": shop.connection_id})
        assert await receiver.codes(2) == ["INCREMENTAL_SYNC_COMPLETED", "INVOICE_UPDATED"]
        assert (await _invoice(shop, invoice["id"]))["due_date"] == "2026-03-01"


@pytest.mark.parametrize(("platform", "told"), [("QUICKBOOKS", 1), ("XERO", 1), ("NETSUITE", 1), ("ZOHOBOOKS", 0)])
async def test_deletions_are_events_where_the_platform_tells_them(opening: Opening, platform: str, told: int) -> None:
    shop = await opening(platform)
    invoice = await shop.invoice(await shop.customer())
    await _by_hand(shop, "delete", type="invoice", id=invoice["id"])
    events = (await shop.get("events", type="object_deleted", resources="INVOICE")).json()["events"]

    assert [one["data"]["id"] for one in events] == [invoice["id"]] * told


async def test_wrong_wishes(shop: Shop) -> None:
    async def refused(act: str, **asked: object) -> str:
        body = {"connection_id": shop.connection_id, **asked}
        answer = await shop.http.post(f"/_sandbox/documents/{act}", json=body)
        assert answer.status_code == 400
        return str(answer.json()["error"])

    assert "no such invoice" in await refused("pay", id="x")
    assert "pay.id: required" in await refused("pay")
    assert "two customers" in await refused("merge", id="x", into="y")
    assert "expected one of" in await refused("create", type="bill")
    assert "contact_name: required" in await refused("create", type="customer", fields={})
