"""Idempotency-Key, row by row of Rutter's table, and the switches for what it leaves open."""

import asyncio

import httpx
import pytest

from sandbox.server import Sandbox
from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP


def _customer(name: str) -> Json:
    return {"customer": {"contact_name": name}}


async def _count(shop: Shop) -> int:
    return len((await shop.get("accounting/customers")).json()["customers"])


async def test_accepted_success_is_replayed_byte_for_byte(shop: Shop) -> None:
    first = await shop.post("customers", _customer("Ada"), key="k")
    again = await shop.post("customers", _customer("Ada"), key="k")

    assert (first.status_code, again.content) == (200, first.content)
    assert again.headers["x-rutter-job-id"] == first.headers["x-rutter-job-id"]
    assert await _count(shop) == 1


async def test_accepted_error_is_replayed_for_ever(shop: Shop) -> None:
    await shop.post("customers", _customer("Ada"))
    refused = await shop.post("customers", _customer("Ada"), key="k")
    (taken,) = (await shop.get("accounting/customers")).json()["customers"]
    await shop.patch(f"customers/{taken['id']}", {"customer": {"customer_name": "Someone else"}})
    again = await shop.post("customers", _customer("Ada"), key="k")

    assert (refused.status_code, again.status_code, again.content) == (450, 450, refused.content)
    assert again.headers["x-rutter-job-id"] == refused.headers["x-rutter-job-id"]
    assert (await shop.post("customers", _customer("Ada"), key="k2")).status_code == 200


async def test_refused_before_acceptance_spends_no_key(shop: Shop) -> None:
    refused = await shop.post("customers", {"customer": {}}, key="k")
    mended = await shop.post("customers", _customer("Ada"), key="k")

    assert (refused.status_code, mended.status_code) == (400, 200)
    assert "x-rutter-job-id" not in refused.headers


async def test_other_body_or_parameters_under_an_accepted_key_conflict(shop: Shop) -> None:
    await shop.post("customers", _customer("Ada"), key="k")
    other_body = await shop.post("customers", _customer("Bob"), key="k")
    other_query = await shop.post("customers", _customer("Ada"), key="k", extra="1")

    assert (other_body.status_code, other_query.status_code) == (409, 409)
    assert "x-rutter-job-id" not in other_body.headers
    assert await _count(shop) == 1


@pytest.mark.parametrize(("scope", "status"), [("organisation", 409), ("connection", 200), ("endpoint", 200)])
async def test_scope_of_a_key_between_connections(opening: Opening, scope: str, status: int) -> None:
    one, two = await opening(), await opening()
    await one.control("switches", {"idempotency_scope": scope})
    await one.post("customers", _customer("Ada"), key="k")

    assert (await two.post("customers", _customer("Ada"), key="k")).status_code == status


@pytest.mark.parametrize(("scope", "status"), [("connection", 409), ("endpoint", 200)])
async def test_scope_of_a_key_between_endpoints(shop: Shop, scope: str, status: int) -> None:
    await shop.control("switches", {"idempotency_scope": scope})
    await shop.post("customers", _customer("Ada"), key="k")

    assert (await shop.post("items", {"item": {"name": "Hat"}}, key="k")).status_code == status


@pytest.mark.parametrize(
    ("rule", "statuses", "made"),
    [("wait", [200, 200], 1), ("conflict", [200, 409], 1), ("twice", [200, 450], 1), ("async", [200, 200], 1)],
)
async def test_duplicate_while_the_first_is_in_flight(
    shop: Shop, sandbox: Sandbox, rule: str, statuses: list[int], made: int
) -> None:
    await shop.control("switches", {"in_flight_duplicate": rule, "latency": 0.2})
    first = asyncio.create_task(shop.post("customers", _customer("Ada"), key="k"))
    async with asyncio.timeout(30):
        while not sandbox.world.jobs:  # noqa: ASYNC110 - the server has no event for a job's arrival
            await asyncio.sleep(0.005)
    second = await shop.post("customers", _customer("Ada"), key="k")

    assert sorted([(await first).status_code, second.status_code]) == statuses
    assert ("async_response" in second.json()) == (rule == "async")
    assert await _count(shop) == made


async def test_delete_needs_no_key_and_patch_honours_one(shop: Shop, http: httpx.AsyncClient) -> None:
    customer = await shop.customer()
    where = f"/versioned/accounting/customers/{customer}"
    asked = {"customer": {"email": "a@example.com"}}
    query, headers = {"access_token": shop.access_token}, {"idempotency-key": "p"}
    first = await http.patch(where, params=query, json=asked, headers=headers)
    again = await http.patch(where, params=query, json=asked, headers=headers)

    assert again.headers["x-rutter-job-id"] == first.headers["x-rutter-job-id"]


async def test_the_books_name_the_key_of_each_document(shop: Shop) -> None:
    customer = await shop.customer()
    await shop.post("invoices", shop.invoice_body(customer), key="the-key")

    (row,) = (await shop.books())["documents"]
    assert (row["type"], row["idempotency_key"]) == ("invoice", "the-key")
