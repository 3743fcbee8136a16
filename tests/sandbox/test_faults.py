"""Every kind of fault is shown to fire, and what it leaves behind is looked up in the books."""

import time

import httpx
import pytest

from tests.sandbox.conftest import SHARED_LOOP
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP

ADA = {"customer": {"contact_name": "Ada"}}


async def _names(shop: Shop) -> list[str]:
    return [one["customer_name"] for one in (await shop.get("accounting/customers")).json()["customers"]]


async def _fired(shop: Shop) -> list[int]:
    return [fault["fired"] for fault in (await shop.told("faults"))["faults"]]


@pytest.mark.parametrize(("kind", "names"), [("timeout_before", []), ("timeout_after", ["Ada"])])
async def test_time_out_cuts_the_connection(shop: Shop, kind: str, names: list[str]) -> None:
    await shop.control("faults", {"kind": kind, "method": "POST"})
    with pytest.raises(httpx.RemoteProtocolError):
        await shop.post("customers", ADA, key="k")

    assert await _names(shop) == names
    assert await _fired(shop) == [1]
    again = await shop.post("customers", ADA, key="k")
    assert again.status_code == 200
    assert await _names(shop) == ["Ada"]


async def test_time_out_that_holds(shop: Shop) -> None:
    await shop.control("faults", {"kind": "timeout_before", "seconds": 0.15})
    begun = time.perf_counter()
    with pytest.raises(httpx.RemoteProtocolError):
        await shop.post("customers", ADA)

    assert time.perf_counter() - begun >= 0.15


async def test_the_client_may_leave_first(shop: Shop) -> None:
    await shop.control("faults", {"kind": "timeout_after", "seconds": 30})
    with pytest.raises(httpx.ReadTimeout):
        await shop.http.post(
            "/versioned/accounting/customers",
            params={"access_token": shop.access_token},
            json=ADA,
            timeout=0.1,
        )
    assert await _names(shop) == ["Ada"]


@pytest.mark.parametrize(
    ("fault", "status", "replayed", "names"),
    [
        ({"kind": "error_before"}, 500, 200, ["Ada"]),
        ({"kind": "error_before", "status": 503}, 503, 200, ["Ada"]),
        ({"kind": "error_after"}, 500, 200, ["Ada"]),
        ({"kind": "error_after", "remember": "error", "status": 502}, 502, 502, ["Ada"]),
        ({"kind": "429"}, 429, 200, ["Ada"]),
        ({"kind": "450"}, 450, 450, []),
        ({"kind": "452"}, 452, 200, ["Ada"]),
        ({"kind": "needs_update"}, 400, 200, ["Ada"]),
        ({"kind": "disabled"}, 400, 200, ["Ada"]),
    ],
)
async def test_answer_then_replay_then_books(
    shop: Shop, fault: Json, status: int, replayed: int, names: list[str]
) -> None:
    await shop.control("faults", {**fault, "endpoint": "/accounting/customers", "method": "POST"})
    first = await shop.post("customers", ADA, key="k")
    second = await shop.post("customers", ADA, key="k")

    assert (first.status_code, second.status_code) == (status, replayed)
    assert set(first.json()) == {"error_type", "error_code", "error_message", "error_metadata"}
    assert ("x-rutter-job-id" in first.headers) == (fault["kind"] == "450")
    assert await _names(shop) == names
    assert await _fired(shop) == [1]


async def test_452_may_count_as_accepted(shop: Shop) -> None:
    await shop.control("switches", {"platform_rate_limit_accepted": True})
    await shop.control("faults", {"kind": "452"})
    first, second = [await shop.post("customers", ADA, key="k") for _ in range(2)]

    assert (first.status_code, second.status_code) == (452, 452)
    assert first.headers["x-rutter-job-id"] == second.headers["x-rutter-job-id"]


async def test_error_after_may_carry_the_job_header(shop: Shop) -> None:
    await shop.control("faults", {"kind": "error_after", "job_header": True})
    answer = await shop.post("customers", ADA)

    job = (await shop.http.get(f"/versioned/jobs/{answer.headers['x-rutter-job-id']}")).json()
    assert (answer.status_code, job["status"]) == (500, "success")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_latency(shop: Shop, method: str) -> None:
    await shop.control("faults", {"kind": "latency", "seconds": 0.15, "method": method})
    begun = time.perf_counter()
    await (shop.post("customers", ADA) if method == "POST" else shop.get("accounting/customers"))

    assert time.perf_counter() - begun >= 0.15


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after"])
async def test_reads_can_time_out_too(shop: Shop, kind: str) -> None:
    await shop.control("faults", {"kind": kind, "method": "GET"})
    with pytest.raises(httpx.RemoteProtocolError):
        await shop.get("accounting/customers")


async def test_skip_times_endpoint_and_connection(shop: Shop) -> None:
    fault = {"kind": "429", "endpoint": "items", "skip": 1, "times": 2, "connection_id": shop.connection_id}
    await shop.control("faults", fault)
    statuses = [(await shop.get("accounting/items")).status_code for _ in range(5)]

    assert statuses == [200, 429, 429, 200, 200]
    assert (await shop.get("accounting/accounts")).status_code == 200
    assert await _fired(shop) == [2]


async def test_faults_for_ever_until_deleted(shop: Shop) -> None:
    await shop.control("faults", {"kind": "429", "times": None})
    assert {(await shop.get("accounting/items")).status_code for _ in range(3)} == {429}
    await shop.http.delete("/_sandbox/faults")
    assert (await shop.get("accounting/items")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "flood"},
        {"kind": "429", "tmies": 1},
        {"kind": "429", "times": -1},
        {"kind": "latency", "seconds": "x"},
        {},
    ],
)
async def test_a_wrong_fault_is_refused(shop: Shop, wrong: Json) -> None:
    assert (await shop.http.post("/_sandbox/faults", json=wrong)).status_code == 400
