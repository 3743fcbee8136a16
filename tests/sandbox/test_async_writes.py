"""Writes answered later: `response_mode`, jobs, JOB_COMPLETED's occasion, pending for ever."""

import asyncio

import httpx
import pytest

from tests.sandbox.conftest import SHARED_LOOP
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP


async def _job(shop: Shop, job_id: str, status: str) -> Json:
    """The job once it has this status; jobs need no access token."""
    async with asyncio.timeout(30):
        while True:
            job: Json = (await shop.http.get(f"/versioned/jobs/{job_id}")).json()
            if job["status"] == status:
                return job
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("status", [200, 202])
async def test_asked_for_async(shop: Shop, status: int) -> None:
    await shop.control("switches", {"async_status": status})
    asked = {"customer": {"contact_name": "Ada"}, "response_mode": "async"}
    answer = await shop.post("customers", asked, key="k")

    told = answer.json()["async_response"]
    assert (answer.status_code, told["status"]) == (status, "pending")
    assert told["response_url"] == f"{shop.http.base_url}/versioned/jobs/{told['id']}".replace("//v", "/v")
    assert answer.headers["x-rutter-job-id"] == told["id"]
    job = await _job(shop, told["id"], "success")
    assert job["response"]["http_status"] == 200
    assert job["response"]["body"]["customer"]["contact_name"] == "Ada"
    assert job["request"]["idempotency_key"] == "k"
    assert job["request"]["body"] == asked
    assert f"access_token={shop.access_token}" in job["request"]["url"]


async def test_prefer_sync_turns_async_when_slow(shop: Shop) -> None:
    await shop.control("switches", {"prefer_sync_seconds": 0.05, "latency": 0.2})
    answer = await shop.post("customers", {"customer": {"contact_name": "Ada"}}, key="k")

    job_id = answer.json()["async_response"]["id"]
    assert (await _job(shop, job_id, "success"))["response"]["http_status"] == 200
    again = await shop.post("customers", {"customer": {"contact_name": "Ada"}}, key="k")
    assert (again.json()["customer"]["contact_name"], again.headers["x-rutter-job-id"]) == ("Ada", job_id)


async def test_failed_job_carries_the_status_the_sync_call_would_have_had(shop: Shop) -> None:
    await shop.customer("Ada")
    answer = await shop.post("customers", {"customer": {"contact_name": "Ada"}, "response_mode": "async"})

    job = await _job(shop, answer.json()["async_response"]["id"], "failure")
    assert job["response"]["http_status"] == 450
    assert job["response"]["body"]["error_metadata"]["source"] == "platform"


@pytest.mark.parametrize(("release", "status"), [("apply", "success"), ("fail", "failure")])
async def test_stay_pending_until_released(shop: Shop, release: str, status: str) -> None:
    await shop.control("faults", {"kind": "stay_pending", "endpoint": "customers", "release": release})
    answer = await shop.post("customers", {"customer": {"contact_name": "Ada"}}, key="k")
    job_id = answer.json()["async_response"]["id"]
    replay = await shop.post("customers", {"customer": {"contact_name": "Ada"}}, key="k")

    assert replay.json()["async_response"]["id"] == job_id
    assert (await shop.get("accounting/customers")).json()["customers"] == []
    assert (await shop.told("faults"))["held_jobs"] == [job_id]
    assert await shop.control("faults/release", {"job_id": job_id}) == {"released": [job_id]}
    assert (await _job(shop, job_id, status))["status"] == status


async def test_stay_pending_for_some_time(shop: Shop) -> None:
    await shop.control("faults", {"kind": "stay_pending", "seconds": 0.05})
    answer = await shop.post("customers", {"customer": {"contact_name": "Ada"}})

    await _job(shop, answer.json()["async_response"]["id"], "success")


async def test_unknown_job(http: httpx.AsyncClient) -> None:
    assert (await http.get("/versioned/jobs/00000000-0000-4000-8000-000000000000")).status_code == 410
