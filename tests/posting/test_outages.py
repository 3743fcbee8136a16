"""The trail's database away, and bugs: what fails by itself is tried again; what fails for good parks alone."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from consumers.planning import plan
from consumers.posting import events
from consumers.posting.connections import POLL
from sandbox.server import running_sandbox
from schemas.connections import ConnectionState
from tests.posting.rig import Rig, event, fresh_calls, opened, order, payment, refund, rig, working

STEPS = ("read", "intend", "record", "record_last", "start_attempt", "done", "hold", "writes_of")


@dataclass
class Failing:
    """A trail of which each step fails a few times; `after`: once it took place, as when a commit's answer is lost."""

    port: Any
    left: dict[str, int]
    after: bool

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.port, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            fails = self.left.get(name, 0) > 0
            if fails:
                self.left[name] -= 1
            if fails and not self.after:
                raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))
            answer = await method(*args, **kwargs)
            if fails:
                raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))
            return answer

        return call


def with_trail(r: Rig, trail: Failing) -> None:
    bench = r.posting.worker.bench
    r.posting.worker.bench = replace(bench, desk=replace(bench.desk, trail=trail))


async def is_ready(r: Rig) -> bool:
    connection = await r.trail.work.connection("acme")
    return connection is not None and connection.state is ConnectionState.READY


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_database_that_is_away_for_a_moment_makes_no_bugs(tmp_path: Path, after: bool) -> None:
    async with running_sandbox() as sandbox, fresh_calls(sandbox) as http, opened(tmp_path, sandbox, http) as r:
        with_trail(r, Failing(r.posting.worker.bench.desk.trail, dict.fromkeys(STEPS, 2), after))
        await r.tell(payment("ch_1", "1001", 2058), refund("re_1", "1001", 700, through=None), order("1001"))
        async with working(r.posting):
            counts = await r.settle()
        assert (counts.done, counts.parked) == (3, 0)
        assert await is_ready(r)
        assert [len(await r.books(kind)) for kind in ("invoice", "invoice_payment", "invoice_credit_memo")] == [1, 1, 1]


async def test_a_database_that_is_away_wedges_nothing_once_it_is_back(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox, fresh_calls(sandbox) as http, opened(tmp_path, sandbox, http) as r:
        away = Failing(r.posting.worker.bench.desk.trail, {}, after=False)
        with_trail(r, away)
        async with working(r.posting):
            everything = [name for name in dir(r.trail.work) if not name.startswith("_")]
            away.left = dict.fromkeys(everything, 10**6)
            began = r.clock.now()
            await r.tell(order("1001"), payment("ch_1", "1001"))
            await asyncio.sleep(0.3)
            assert (await r.counts()).due == 2
            asked = 10**6 - away.left["connections_with_work"]
            assert 0 < asked < 2 * ((r.clock.now() - began) / POLL) + 2
            away.left.clear()
            counts = await r.settle()
        assert (counts.done, counts.parked) == (2, 0)


async def test_a_bug_parks_its_own_event_and_three_pause_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(told: Any, books: Any) -> Any:
        if told.key.startswith("order:bad"):
            raise ZeroDivisionError("a planted bug")
        return plan(told, books)

    monkeypatch.setattr(events, "plan", planted)
    async with rig(tmp_path) as r:
        await r.tell(order("bad-1"), order("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (1, 1)
        (group,) = await r.until_parked()
        assert group.cause == "bug"
        assert "ZeroDivisionError: a planted bug" in group.detail
        assert await is_ready(r)
        await r.tell(order("bad-2"), order("bad-3"), order("bad-4"))
        async with asyncio.timeout(60):
            while await is_ready(r):  # noqa: ASYNC110 - the trail is asked; nobody tells
                await asyncio.sleep(0.02)


async def test_a_customer_told_after_the_invoice_changes_no_payment(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        data = order("1001").data.model_dump(mode="json")["order"]
        guest = {**data, "customer": {"id": None, "name": "Guest", "email": "guest@example.com"}}
        await r.tell(event("order.completed", "order", guest))
        assert (await r.settle()).done == 1
        known = {**data, "customer": {"id": "c-77", "name": "Guest", "email": "of-the-account@example.com"}}
        await r.tell(event("order.completed", "order", known))
        await r.tell(payment("ch_1", "1001"))
        counts = await r.settle()
        assert (counts.done, counts.held, counts.parked) == (2, 0, 0)
        assert len(await r.customers()) == 1


async def test_ids_with_colons_and_percents_meet_under_one_key(tmp_path: Path) -> None:
    number, paid = "A:1%3A%25:", "ch:%3A:1"
    async with rig(tmp_path) as r:
        back = refund("re%:1", number, 700, through="nobody told:this%")
        credit = refund("re%3A:2", number, 300, through=None)
        await r.tell(back, credit, payment(paid, number, 2058), order(number))
        counts = await r.settle()
        assert (counts.done, counts.held, counts.parked) == (4, 0, 0)
        (invoice,) = await r.books("invoice")
        assert invoice["amount_due"] == 7.00
        assert len(await r.books("invoice_credit_memo")) == 2
