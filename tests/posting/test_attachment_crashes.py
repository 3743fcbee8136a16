"""Whatever happens on the way, a file is in the books once: nothing says that a repeated key makes no second copy."""

import asyncio
import itertools
from pathlib import Path

import pytest

from sandbox.server import Sandbox, running_sandbox
from tests.files.serving import FileServer, answered, file_server
from tests.posting.mortal import Life, killed, mortal
from tests.posting.rig import Rig, fresh_calls, hired, opened, order, working
from tests.posting.test_attachments import PDF, attached, fetching, naming

TOGETHER = 4
STRIDE = {"answering": 2, "losing the answer": 4}
"""Every second step of the plain way, every fourth of the long one: half and a quarter of the time."""
REMOTE: dict[str, list[str]] = {
    "answering": [],
    "losing the answer": ["timeout_after"],
    "losing the request": ["timeout_before"],
    "failing after": ["error_after"],
    "failing before": ["error_before"],
    "losing both": ["timeout_before", "timeout_after"],
}


async def faulty(r: Rig, remote: str) -> None:
    for kind in REMOTE[remote]:
        await r.fault(method="POST", endpoint="attachments", times=1, kind=kind, connection_id=r.company)


@pytest.mark.parametrize("remote", [name for name in REMOTE if REMOTE[name]])
async def test_a_lost_answer_leaves_one_copy(tmp_path: Path, remote: str) -> None:
    async with file_server() as files, running_sandbox() as sandbox, fresh_calls(sandbox) as http:
        files.answers["/a"] = answered(PDF)
        async with opened(tmp_path, sandbox, http, speed=400.0) as r:
            fetching(r.posting, r.trail)
            await faulty(r, remote)
            async with working(r.posting):
                await r.tell(naming(order("1001"), files.url("/a")))
                counts = await r.settle()
            copies = await attached(r)

    assert (counts.done, counts.held, counts.parked) == (2, 0, 0)
    assert [one["size"] for one in copies] == [18]


async def dies_after(directory: Path, sandbox: Sandbox, files: FileServer, remote: str, last: int) -> bool:
    """Whether the worker lived long enough to die there; the file is in the books once either way."""
    async with fresh_calls(sandbox) as http, opened(directory, sandbox, http, speed=400.0) as r:
        await faulty(r, remote)
        await r.tell(naming(order("1001"), files.url("/a")))
        life = Life(last)
        fetching(r.posting, r.trail)
        mortal(r.posting, life)
        async with working(r.posting) as task:
            await until_over_or_settled(r, life)
            await killed(r.posting, task)
        r.clock.leap(minutes=1)
        heir = hired(r.trail, r.sandbox, r.clock, "worker-2")
        fetching(heir, r.trail)
        async with working(heir):
            await r.settle()
        await heir.transport.close()
        counts = await r.counts()
        where = f"died after {last}: {life.calls[-3:]}"
        assert (counts.done, counts.held, counts.parked) == (2, 0, 0), where
        assert [one["size"] for one in await attached(r)] == [18], where
        return len(life.calls) >= last


async def until_over_or_settled(r: Rig, life: Life) -> None:
    over, done = asyncio.create_task(life.over.wait()), asyncio.create_task(r.settle())
    await asyncio.wait({over, done}, return_when=asyncio.FIRST_COMPLETED)
    over.cancel()
    done.cancel()


@pytest.mark.parametrize("remote", STRIDE)
async def test_a_worker_that_dies_at_any_step_leaves_one_copy(tmp_path: Path, remote: str) -> None:
    async with file_server() as files, running_sandbox() as sandbox:
        files.answers["/a"] = answered(PDF)
        steps, stride = 0, STRIDE[remote]
        for first in itertools.count(1, TOGETHER * stride):
            lives = range(first, first + TOGETHER * stride, stride)
            died = await asyncio.gather(
                *(dies_after(tmp_path / str(last), sandbox, files, remote, last) for last in lives)
            )
            steps += sum(died)
            if not all(died):
                break
        assert steps * stride > 8
