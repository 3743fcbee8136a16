"""A worker dies at every step it takes; another one finds each document written once, and the rest of them written."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.server import Sandbox, running_sandbox
from tests.posting.mortal import Life, killed, mortal
from tests.posting.rig import Rig, fresh_calls, hired, opened, order, payment, refund, working

TOGETHER = 4
STRIDE = {"answering": 1, "losing answers": 3, "answering by jobs": 3}
"""Every step of the plain way; of the long ones every third, which takes a third of the time."""
WRITTEN = ("invoice", "invoice_payment", "invoice_credit_memo")
LOST = ("customers", "invoice_credit_memos")
REMOTE: dict[str, list[dict[str, Any]]] = {
    "answering": [],
    "losing answers": [{"method": "POST", "endpoint": name, "times": 1, "kind": "timeout_after"} for name in LOST],
    "answering by jobs": [{"method": "POST", "kind": "stay_pending", "times": None, "seconds": 0.01}],
}


async def one_life(r: Rig, last: int) -> list[str]:
    """A worker that dies, then one that does not. The steps of the first."""
    life = Life(last)
    mortal(r.posting, life)
    async with working(r.posting) as task:
        over = asyncio.create_task(life.over.wait())
        done = asyncio.create_task(r.settle())
        await asyncio.wait({over, done}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        done.cancel()
        await killed(r.posting, task)
    r.clock.leap(minutes=1)  # its lease is over, and the time for an answer to what it sent
    heir = hired(r.trail, r.sandbox, r.clock, "worker-2")
    async with working(heir):
        await r.settle()
    await heir.transport.close()
    return life.calls


async def dies_after(directory: Path, sandbox: Sandbox, http: httpx.AsyncClient, remote: str, last: int) -> bool:
    """Whether the worker lived long enough to die there; the books are right either way."""
    async with opened(directory, sandbox, http, speed=100.0) as r:
        for fault in REMOTE[remote]:
            await r.fault(**fault, connection_id=r.company)
        await r.tell(order("1001"), payment("ch_1", "1001", 2058), refund("re_1", "1001", 700, through=None))
        calls = await one_life(r, last)
        counts = await r.counts()
        where = f"died after {last}: {calls[-3:]}"
        assert (counts.done, counts.held, counts.parked) == (3, 0, 0), where
        written = {kind: len(await r.books(kind)) for kind in WRITTEN}
        assert written == dict.fromkeys(WRITTEN, 1), where
        assert len(await r.customers()) == 1, where
        (invoice,) = await r.books("invoice")
        assert invoice["amount_due"] == 3.00, where
        (memo,) = await r.books("invoice_credit_memo")
        assert memo["remaining_amount"] == "0.00", where
        return len(calls) >= last


@pytest.mark.parametrize("remote", REMOTE)
async def test_a_worker_that_dies_at_any_step_leaves_each_document_once(tmp_path: Path, remote: str) -> None:
    async with running_sandbox() as sandbox, fresh_calls(sandbox) as http:
        steps = 0
        stride = STRIDE[remote]
        for first in itertools.count(1, TOGETHER * stride):
            lives = range(first, first + TOGETHER * stride, stride)
            died = await asyncio.gather(
                *(dies_after(tmp_path / str(last), sandbox, http, remote, last) for last in lives)
            )
            steps += sum(died)
            if not all(died):
                break
        assert steps * stride > 20
