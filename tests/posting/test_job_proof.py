"""A job that fails without saying why, after hours: only a sync that began once it had ended proves anything."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sandbox.server import running_sandbox
from tests.posting.rig import Rig, fresh_calls, opened, order, working


async def ended_in_failure(r: Rig) -> bool:
    """Whether our trail knows that the job failed, and the books were looked into."""
    asked = (await r.http.get("/_sandbox/requests")).json()["requests"]
    syncs = [one for one in asked if str(one["path"]).endswith("/incremental_sync")]
    return len(syncs) > 1


async def test_a_sync_that_ran_while_the_job_did_proves_nothing(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with (
        running_sandbox() as sandbox,
        fresh_calls(sandbox) as http,
        opened(tmp_path, sandbox, http, speed=1.0, start=now) as r,
    ):
        await http.post("/_sandbox/switches", json={"prefer_sync_seconds": 0, "stale_reads": "all"})
        await r.fault(method="POST", endpoint="invoices", times=None, kind="latency", seconds=4)
        await r.fault(
            method="POST", endpoint="invoices", times=None, kind="error_after", remember="error", job_header=True
        )
        await r.tell(order("1001"))
        async with working(r.posting):
            async with asyncio.timeout(60):
                while not await r.posts("invoice"):  # noqa: ASYNC110 - the sandbox is asked; nobody tells
                    await asyncio.sleep(0.05)
            await asyncio.sleep(2.5)  # longer than the clocks may differ, and the job still runs
            asked = await http.post(
                "/versioned/connections/incremental_sync",
                params={"access_token": r.token},
                json={},
                headers={"X-Rutter-Version": "2024-08-31"},
                auth=(sandbox.settings.client_id, sandbox.settings.client_secret),
            )
            assert asked.status_code == 200, asked.text
            async with asyncio.timeout(60):
                while not await ended_in_failure(r):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
            r.clock.leap(seconds=31)
            r.posting.wake(["acme"])
            counts = await r.settle()
        assert (counts.done, counts.parked) == (1, 0)
        assert len(await r.books("invoice")) == 1
        assert len({asked["idempotency_key"] for asked in await r.posts("invoice")}) == 1
