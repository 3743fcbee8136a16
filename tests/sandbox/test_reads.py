"""Lists, pages, filters, Rutter's copy that may be behind, and who may read."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP


async def _pages(shop: Shop, path: str, plural: str, **query: str) -> list[list[str]]:
    """Ids page by page."""
    pages: list[list[str]] = []
    cursor: str | None = None
    while True:
        asked = {**query, "cursor": cursor} if cursor else query
        page = (await shop.get(path, **asked)).json()
        pages.append([one["id"] for one in page[plural]])
        cursor = page["next_cursor"]
        if cursor is None:
            return pages


async def test_envelopes_and_the_default_limit(shop: Shop) -> None:
    made = [await shop.customer(f"Customer {number}") for number in range(53)]
    page = (await shop.get("accounting/customers")).json()

    assert (len(page["customers"]), page["connection"]["platform"]) == (50, "QUICKBOOKS")
    assert page["connection"]["id"] == shop.connection_id
    pages = await _pages(shop, "accounting/customers", "customers")
    assert [len(one) for one in pages] == [50, 3]
    assert sorted(pages[0] + pages[1]) == sorted(made)
    one = (await shop.get(f"accounting/customers/{made[0]}")).json()
    assert (set(one), one["customer"]["customer_name"]) == ({"customer", "connection"}, "Customer 0")


@pytest.mark.parametrize("sort", ["last_synced_at ASC", "last_synced_at", "updated_at DESC", "created_at desc"])
async def test_every_sort_pages_over_everything_once(shop: Shop, sort: str) -> None:
    made = [await shop.customer(f"Customer {number}") for number in range(7)]
    pages = await _pages(shop, "accounting/customers", "customers", sort=sort, limit="3")

    assert [len(one) for one in pages] == [3, 3, 1]
    assert sorted(one for page in pages for one in page) == sorted(made)


async def test_named_filters(shop: Shop) -> None:
    ada, _ = await shop.customer("Ada"), await shop.customer("Bob")
    invoice = await shop.invoice(ada, document_number="1001")
    await shop.invoice(ada, document_number="1002")
    asked: list[tuple[str, str, dict[str, str], list[str]]] = [
        ("customers", "customers", {"customer_name": "Ada"}, [ada]),
        ("customers", "customers", {"customer_name": "Eve"}, []),
        ("invoices", "invoices", {"document_number": "1001"}, [invoice["id"]]),
        ("items", "items", {"name": "Tip"}, [shop.items["Tip"]]),
        ("accounts", "accounts", {"account_type": "bank"}, [shop.accounts["checking"]]),
        ("invoices", "invoices", {"updated_at_min": "99999999999999"}, []),
        ("invoices", "invoices", {"last_synced_at_min": "99999999999999"}, []),
    ]
    for path, plural, query, expected in asked:
        page = (await shop.get(f"accounting/{path}", **query)).json()
        assert [one["id"] for one in page[plural]] == expected, (path, query)


async def test_an_object_by_the_platforms_own_id(shop: Shop) -> None:
    who = await shop.customer()
    own = (await shop.get(f"accounting/customers/{who}")).json()["customer"]["platform_id"]
    found = await shop.get(f"accounting/customers/{own}", id_type="platform")

    assert found.json()["customer"]["id"] == who


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "501"}, {"limit": "x"}, {"sort": "name"}, {"cursor": "x"}, {"updated_at_min": "now"}],
)
async def test_unreadable_lists(shop: Shop, query: dict[str, str]) -> None:
    assert (await shop.get("accounting/customers", **query)).status_code == 400


@pytest.mark.parametrize("status", [410, 404])
async def test_missing_object(shop: Shop, status: int) -> None:
    await shop.control("switches", {"missing_object_status": status})
    nobody = "00000000-0000-4000-8000-000000000000"

    assert (await shop.get(f"accounting/invoices/{nobody}")).status_code == status
    assert (await shop.patch(f"invoices/{nobody}", {"invoice": {"memo": "x"}})).status_code == status


async def test_account_balances_follow_the_books(shop: Shop) -> None:
    await shop.invoice(await shop.customer(), "10.00")
    balances = {one["id"]: one["balance"] for one in (await shop.get("accounting/accounts")).json()["accounts"]}

    assert (balances[shop.accounts["accounts_receivable"]], balances[shop.accounts["sales_income"]]) == (10.0, 10.0)


async def _synced(shop: Shop, *types: str) -> None:
    """One incremental sync, from beginning to end."""
    before = (await _status(shop))["last_sync_completed_at"]
    answer = await shop.http.post(
        "/versioned/connections/incremental_sync",
        params={"access_token": shop.access_token},
        json={"object_types": list(types)} if types else {},
    )
    assert answer.json() == {"success": True}
    async with asyncio.timeout(30):
        while (await _status(shop))["last_sync_completed_at"] == before:  # noqa: ASYNC110 - it is polled over HTTP
            await asyncio.sleep(0.005)


async def _status(shop: Shop) -> Json:
    status: Json = (await shop.get("connections/status")).json()["status"]
    return status


async def test_a_copy_that_is_behind(shop: Shop) -> None:
    await shop.control("switches", {"stale_reads": "all"})
    who = await shop.customer()
    invoice = await shop.invoice(who, "10.00", document_number="1001")
    assert (await shop.get("accounting/invoices", document_number="1001")).json()["invoices"] == []
    assert (await shop.get(f"accounting/invoices/{invoice['id']}")).status_code == 410

    await _synced(shop, "customer")
    assert (await shop.get("accounting/invoices")).json()["invoices"] == []
    await _synced(shop)
    assert len((await shop.get("accounting/invoices", document_number="1001")).json()["invoices"]) == 1

    await shop.post("invoice_payments", shop.payment_body(who, "10", (invoice["id"], "10")))
    behind = (await shop.get(f"accounting/invoices/{invoice['id']}")).json()["invoice"]
    assert (behind["status"], behind["amount_due"]) == ("open", 10.0)
    await shop.delete(f"invoices/{invoice['id']}")
    assert (await shop.get("events", type="object_deleted")).json()["events"] == []
    await _synced(shop)
    assert (await shop.get(f"accounting/invoices/{invoice['id']}")).status_code == 410
    assert len((await shop.get("events", type="object_deleted")).json()["events"]) == 1


async def test_a_copy_that_misses_only_what_others_did(shop: Shop) -> None:
    await shop.control("switches", {"stale_reads": "outside"})
    invoice = await shop.invoice(await shop.customer(), "10.00")
    asked = {"connection_id": shop.connection_id, "type": "invoice", "id": invoice["id"]}
    await shop.control("documents/void", asked)
    assert (await shop.get(f"accounting/invoices/{invoice['id']}")).json()["invoice"]["status"] == "open"
    await _synced(shop)
    assert (await shop.get(f"accounting/invoices/{invoice['id']}")).json()["invoice"]["status"] == "void"


async def test_a_sync_that_takes_time(shop: Shop) -> None:
    """What comes after the beginning of a sync is not in it."""
    await shop.control("switches", {"stale_reads": "all", "sync_seconds": 0.1})
    first = await shop.customer("Ada")
    syncing = asyncio.create_task(_synced(shop))
    async with asyncio.timeout(30):
        while (await _last_started(shop)) == (await _status(shop))["last_sync_completed_at"]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.002)  # the copy's clock counts in whole milliseconds
    await shop.customer("Bob")
    await syncing

    assert [one["id"] for one in (await shop.get("accounting/customers")).json()["customers"]] == [first]


async def _last_started(shop: Shop) -> str:
    started: str = (await shop.get("connections/access_token")).json()["connection"]["last_sync_started_at"]
    return started


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"auth": ("sandbox-client-id", "wrong")}, 401, "INVALID_CREDENTIALS"),
        ({"headers": {"x-rutter-version": "2023-03-14"}}, 400, "INVALID_REQUEST"),
        ({"params": {}}, 400, "INVALID_REQUEST"),
        ({"params": {"access_token": "00000000-0000-4000-8000-000000000000"}}, 401, "INVALID_CREDENTIALS"),
    ],
)
async def test_who_may_read(shop: Shop, change: Json, status: int, code: str) -> None:
    asked: dict[str, Any] = {"params": {"access_token": shop.access_token}, **change}
    answer = await shop.http.get("/versioned/accounting/customers", **asked)

    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


async def test_no_such_endpoint(shop: Shop) -> None:
    assert (await shop.get("accounting/bills")).status_code == 404
    assert (await shop.get("accounting/invoice_credit_applications")).status_code == 404


async def test_not_ready_unless_forced(opening: Opening) -> None:
    shop = await opening(ready=False)
    refused = await shop.get("accounting/customers")
    assert (refused.status_code, refused.json()["error_code"]) == (400, "PRODUCT_NOT_READY")
    assert (await shop.get("accounting/customers", force_fetch="true")).status_code == 200
    assert (await shop.post("customers", {"customer": {"contact_name": "Ada"}})).status_code == 200

    await shop.control("switches", {"writes_need_ready": True})
    assert (await shop.post("customers", {"customer": {"contact_name": "Bob"}})).status_code == 400
    await shop.control("connections/state", {"connection_id": shop.connection_id, "state": "ready"})
    assert (await shop.get("accounting/customers")).status_code == 200


async def test_requests_are_listed_without_tokens(shop: Shop, http: httpx.AsyncClient) -> None:
    await shop.post("customers", {"customer": {"contact_name": "Ada"}}, key="k")
    told = await http.get("/_sandbox/requests", params={"method": "POST"})

    (row,) = told.json()["requests"]
    assert (row["path"], row["status"], row["idempotency_key"]) == ("/accounting/customers", 200, "k")
    assert row["job_id"]
    assert shop.access_token not in told.text
    later = (await http.get("/_sandbox/requests", params={"after": str(row["number"] + 1)})).json()
    assert (later["total"], later["requests"]) == (row["number"] + 1, [])
