"""Which types are synced, and the life of a connection around it: renamed, unlinked, its token replaced, backfilled."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import orjson
import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop
from tests.sandbox.test_connections import Receiver, receiving

pytestmark = SHARED_LOOP


def _only(*entities: str) -> Json:
    return {
        "initialSync": {"batches": [{"timeFrameInMonths": 12, "entities": list(entities)}]},
        "incrementalSync": {"syncPeriodInMinutes": 60, "entities": list(entities)},
    }


async def _eventually(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.002)


async def _by_hand(shop: Shop, name: str) -> str:
    asked = {"connection_id": shop.connection_id, "type": "customer", "fields": {"contact_name": name}}
    return str((await shop.control("documents/create", asked))["id"])


async def _customers(shop: Shop) -> list[str]:
    told = (await shop.get("accounting/customers", sort="created_at ASC")).json()["customers"]
    return sorted(one["customer_name"] for one in told)


async def test_a_type_that_is_left_out_lists_only_what_came_through_rutter(shop: Shop) -> None:
    path = f"/versioned/configs/sync/connections/{shop.connection_id}"
    everything = (await shop.http.get(path)).json()
    assert "CUSTOMER" in everything["incrementalSync"]["entities"]

    assert (await shop.http.post(path, json=_only("INVOICE"))).status_code == 200
    await _by_hand(shop, "by hand")
    await shop.customer("through Rutter")
    await shop.control("connections/sync", {"connection_id": shop.connection_id})
    assert await _customers(shop) == ["through Rutter"]

    part = {"incrementalSync": {"entities": ["INVOICE", "CUSTOMER"]}}
    told = (await shop.http.patch(path, json=part)).json()
    assert (told["initialSync"], told["incrementalSync"]) == (_only("INVOICE")["initialSync"], part["incrementalSync"])
    await shop.control("connections/sync", {"connection_id": shop.connection_id})
    assert await _customers(shop) == ["by hand", "through Rutter"]

    assert (await shop.http.delete(path)).json() == {"success": True}
    assert (await shop.http.get(path)).json() == everything


async def test_a_platforms_configuration_is_for_connections_to_come(http: httpx.AsyncClient, opening: Opening) -> None:
    await http.post("/versioned/configs/sync/platforms/XERO", json=_only("INVOICE"))
    xero, quickbooks = await opening("XERO"), await opening("QUICKBOOKS")

    assert (await xero.get("accounting/accounts")).json()["accounts"] == []
    assert len((await quickbooks.get("accounting/accounts")).json()["accounts"]) == 11
    path = f"/versioned/configs/sync/connections/{xero.connection_id}"
    assert (await http.get(path)).json() == _only("INVOICE")
    unlike = await http.post("/versioned/configs/sync/platforms/QUICKEN", json=_only("INVOICE"))
    assert unlike.status_code == 404


@pytest.mark.parametrize("wrong", [{}, {"initialSync": {}}, {"incrementalSync": {"entities": "INVOICE"}}])
async def test_wrong_configurations(shop: Shop, wrong: Json) -> None:
    path = f"/versioned/configs/sync/connections/{shop.connection_id}"

    assert (await shop.http.post(path, json=wrong)).status_code == 400
    assert (await shop.http.get(f"{path[:-1]}x")).status_code == 410


async def test_a_sync_can_be_seen_to_begin_and_to_end(shop: Shop) -> None:
    await shop.control("switches", {"stale_reads": "outside", "sync_seconds": 0.05})
    await _by_hand(shop, "by hand")

    async def marks() -> tuple[str, str]:
        told = (await shop.get("connections/access_token")).json()["connection"]
        return told["last_sync_started_at"], told["last_sync_completed_at"]

    _, done_before = await marks()
    query = {"access_token": shop.access_token}
    await shop.http.post("/versioned/connections/incremental_sync", params=query, json={"object_types": ["customer"]})

    async def begun() -> bool:
        return (await marks())[0] > done_before

    async def ended() -> bool:
        return (await marks())[1] >= (await marks())[0]

    await _eventually(begun)
    assert ((await marks())[1], await _customers(shop)) == (done_before, [])
    await _eventually(ended)
    assert await _customers(shop) == ["by hand"]


async def test_backfill(opening: Opening) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening(webhook_url=url)
        await shop.control("switches", {"stale_reads": "outside"})
        await _by_hand(shop, "by hand")
        query = {"access_token": shop.access_token}
        body = {"start_date": "2026-01-01", "object_types": ["customer"], "include_webhooks": True}
        told = await shop.http.post("/versioned/connections/backfill", params=query, json=body)
        assert told.json() == {"success": True}
        assert await receiver.codes(3) == ["BACKFILL_COMPLETED", "CUSTOMER_UPDATED", "INITIAL_UPDATE"]
        for wrong in ({}, {"start_date": "2001-01-01"}, {"start_date": "2026-01-01", "object_types": "all"}):
            answer = await shop.http.post("/versioned/connections/backfill", params=query, json=wrong)
            assert answer.status_code == 400

    assert await _customers(shop) == ["by hand"]


async def test_renamed(opening: Opening) -> None:
    shop, other = await opening(name="One"), await opening(name="Two")
    path = f"/versioned/connections/{shop.connection_id}"

    assert (await shop.http.patch(path, json={"name": "Two"})).status_code == 400
    assert (await shop.http.patch(path, json={"name": "x" * 31})).status_code == 400
    assert (await shop.http.patch(path, json={"name": "Three"})).json() == {"success": True}
    listed = (await other.http.get("/versioned/connections")).json()["connections"]
    assert [one["name"] for one in listed] == ["Three", "Two"]


async def test_unlinked(shop: Shop) -> None:
    path = f"/versioned/connections/{shop.connection_id}"

    assert (await shop.http.delete(path)).json() == {"success": True}
    assert (await shop.get("accounting/customers")).json()["error_code"] == "INVALID_CREDENTIALS"
    assert (await shop.http.delete(path)).status_code == 410


async def test_a_token_is_replaced(shop: Shop) -> None:
    query = {"access_token": shop.access_token}
    told = await shop.http.post("/versioned/connections/access_token/invalidate", params=query)
    assert (await shop.get("accounting/customers")).status_code == 401
    shop.access_token = told.json()["new_access_token"]
    assert (await shop.get("accounting/customers")).status_code == 200


@pytest.mark.parametrize("state", ["needs_update", "disabled"])
async def test_a_broken_connection_does_not_sync(shop: Shop, state: str) -> None:
    await shop.control("connections/state", {"connection_id": shop.connection_id, "state": state})
    answer = await shop.http.post(
        "/versioned/connections/incremental_sync", params={"access_token": shop.access_token}, json={}
    )

    assert answer.status_code == 400


async def test_an_unhealthy_connection_works_and_says_so(shop: Shop) -> None:
    await shop.control("connections/state", {"connection_id": shop.connection_id, "state": "unhealthy"})
    listed = (await shop.http.get("/versioned/connections")).json()["connections"]
    status = (await shop.get("connections/status")).json()["status"]

    assert ([one["status"] for one in listed], status["is_healthy"]) == (["unhealthy"], False)
    assert (await shop.get("accounting/customers")).status_code == 200


async def test_reasons_for_a_disabled_connection_are_rutters(shop: Shop) -> None:
    asked = {"connection_id": shop.connection_id, "state": "disabled", "reason": "BORED"}
    assert (await shop.http.post("/_sandbox/connections/state", json=asked)).status_code == 400
    await shop.control("connections/state", {**asked, "reason": "FAILED TO AUTHENTICATE"})
    status = (await shop.get("connections/status")).json()["status"]
    assert status["disabled_status"]["disabled_reason"] == "FAILED TO AUTHENTICATE"


async def test_the_initial_sync_takes_its_time(opening: Opening) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening(ready=False, webhook_url=url)
        await shop.control("switches", {"initial_sync_seconds": 0.1})
        await shop.control("connections/state", {"connection_id": shop.connection_id, "state": "active"})
        assert (await shop.get("accounting/customers")).json()["error_code"] == "PRODUCT_NOT_READY"
        await receiver.codes(2)
        codes = [orjson.loads(body)["code"] for _, body in receiver.got]

    assert codes == ["CONNECTION_UPDATED", "INITIAL_UPDATE"]
    assert (await shop.get("accounting/customers")).status_code == 200
