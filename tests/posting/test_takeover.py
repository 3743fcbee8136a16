"""Two workers and one connection: an answer that comes late, a worker told to stop in the middle, both at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from consumers.posting import worker
from sandbox.server import running_sandbox
from schemas.writes import WriteState
from service.posting import Posting
from tests.posting.rig import Rig, fresh_calls, hired, opened, order, payment, working


@asynccontextmanager
async def two_workers(directory: Path, speed: float = 100.0) -> AsyncIterator[tuple[Rig, Posting]]:
    """Neither has begun."""
    async with (
        running_sandbox() as sandbox,
        fresh_calls(sandbox) as http,
        opened(directory, sandbox, http, speed=speed) as r,
    ):
        other = hired(r.trail, r.sandbox, r.clock, "worker-2")
        r.trail.on_due = None  # both look for themselves
        yield r, other
        await other.transport.close()


@dataclass
class Deaf:
    """A trail that does not renew a lease any more, as for a process that was stopped and goes on later."""

    port: Any
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.port, name)

    async def lease(self, *args: Any) -> Any:
        return None if self.stopped.is_set() else await self.port.lease(*args)


async def test_an_answer_that_comes_after_the_lease_was_taken_over_is_evidence_all_the_same(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (r, other):
        bench = r.posting.worker.bench
        deaf = Deaf(bench.desk.trail)
        r.posting.worker.bench = replace(bench, desk=replace(bench.desk, trail=deaf))
        await r.fault(method="POST", endpoint="invoices", times=1, kind="latency", seconds=0.2)
        await r.tell(order("1001"), payment("ch_1", "1001"))
        async with working(r.posting):
            await sent(r)
            deaf.stopped.set()
            r.clock.leap(seconds=16)
            async with working(other):
                counts = await r.settle()
        assert (counts.done, counts.parked) == (2, 0)
        assert len(await r.posts("invoice")) == 1  # nothing was sent again: the late answer told
        assert len(await r.books("invoice")) == len(await r.books("invoice_payment")) == 1


async def test_workers_told_to_stop_cut_short_what_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.1)
    async with two_workers(tmp_path) as (r, other):
        await r.fault(method="POST", endpoint="invoices", times=1, kind="latency", seconds=4.0)
        await r.tell(order("1001"))
        task = asyncio.create_task(r.posting.worker.run())
        await sent(r)
        r.posting.worker.stop()
        await asyncio.wait_for(task, 3.0)
        (due,) = [one async for one in writes(r)]
        assert due == ("invoice:1001", WriteState.SENT)
        assert await r.trail.work.lease("acme", "worker-2", 15.0) is not None  # it was given back
        r.clock.leap(minutes=1)
        async with working(other):
            counts = await r.settle()
        assert (counts.done, counts.parked) == (1, 0)
        assert len(await r.books("invoice")) == 1


async def test_two_workers_at_once_write_each_document_once(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (r, other):
        numbers = [str(number) for number in range(1001, 1011)]
        await r.tell(*(payment(f"ch_{number}", number) for number in numbers), *map(order, numbers))
        async with working(r.posting), working(other):
            counts = await r.settle()
        assert (counts.done, counts.held, counts.parked) == (20, 0, 0)
        assert len(await r.books("invoice")) == len(await r.books("invoice_payment")) == 10
        assert len(await r.customers()) == 1


async def test_two_namespaces_with_one_customer_make_one_customer(tmp_path: Path) -> None:
    # Slower: a customer counts as just made for a minute, which is to be longer than reading and planning take here.
    async with two_workers(tmp_path, speed=5.0) as (r, _):
        await r.tell(*(order(str(number)).model_copy(update={"source": f"shop-{number}"}) for number in range(6)))
        async with working(r.posting):
            counts = await r.settle()
        assert (counts.done, counts.parked) == (6, 0)
        assert len(await r.customers()) == 1


async def sent(r: Rig) -> None:
    """Until the invoice is on its way."""
    async with asyncio.timeout(30):
        while ("invoice:1001", WriteState.SENT) not in [one async for one in writes(r)]:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def writes(r: Rig) -> AsyncIterator[tuple[str, WriteState]]:
    for write in await r.trail.work.writes_of(1):
        if write.key != "customer:c-9:USD":
            yield write.key, write.state
