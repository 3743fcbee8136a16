"""What a person cures goes on when it is released: each cure that a parked event names does what it says."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import running_sandbox
from schemas.mapping import Policies
from schemas.money import Money
from schemas.writes import StoredWrite, idempotency_key
from service.trail import connections
from service.trail.changes import Declared
from service.trail.releasing import release
from tests.posting.mortal import Life, killed, mortal
from tests.posting.rig import MAPPING, Rig, fresh_calls, hired, opened, order, payment, refund, rig, working


async def released(r: Rig, key: str) -> None:
    """By a person."""
    assert await r.trail.run(lambda c: release(c, r.clock.now(), keys=[key]))


async def nothing_is_polled_for(r: Rig) -> None:
    """What waits for a person makes no work by itself."""
    assert await r.trail.work.next_due_at("acme") is None
    assert await r.trail.work.connections_with_work("worker-1") == []


async def test_a_write_that_was_never_answered_is_sent_once_more_when_released(tmp_path: Path) -> None:
    async with rig(tmp_path, speed=400.0) as r:
        await r.fault(method="POST", endpoint="invoices", times=None, kind="timeout_before")
        await r.tell(order("1001"))
        async with asyncio.timeout(30):
            while not (await r.counts()).parked:
                await asyncio.sleep(0.05)
                r.clock.leap(hours=2)
        (group,) = await r.until_parked()
        assert group.cause == "in doubt"
        await nothing_is_polled_for(r)
        sent = len(await r.posts("invoice"))
        await r.http.delete("/_sandbox/faults")
        await released(r, "order:1001")
        counts = await r.settle()
        assert (counts.done, counts.parked) == (1, 0)
        posts = await r.posts("invoice")
        assert len(posts) == sent + 1
        assert len({asked["idempotency_key"] for asked in posts}) == 1


async def test_books_that_cannot_be_looked_into_are_not_asked_without_a_pause(tmp_path: Path) -> None:
    async with rig(tmp_path, speed=400.0) as r:
        await r.fault(method="POST", endpoint="invoices", times=None, kind="timeout_before")
        await r.fault(method="GET", endpoint="/connections/access_token", times=None, kind="error_before")
        await r.tell(order("1001"))
        async with asyncio.timeout(30):
            while not (await r.counts()).parked:
                await asyncio.sleep(0.05)
                r.clock.leap(hours=2)
        await nothing_is_polled_for(r)
        looks = await r.http.get("/_sandbox/requests", params={"path": "/connections/access_token"})
        assert len([one for one in looks.json()["requests"] if one["path"].endswith("/access_token")]) < 40


@dataclass
class Crooked:
    """Rutter, whose invoices come to a cent more than was sent, as long as `crooked` says so."""

    port: Any
    crooked: bool = True

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.port, name)

        async def call(connection: Any, write: StoredWrite, *args: Any) -> Any:
            told = await method(connection, write, *args)
            total = getattr(told, "total", None)
            if not self.crooked or total is None or write.key != "invoice:1001":
                return told
            return replace(told, total=Money(total.minor + 1, total.currency))

        return call


@pytest.mark.parametrize("answered", ["at once", "by a job"])
async def test_what_was_put_right_in_the_books_is_seen_when_released(tmp_path: Path, answered: str) -> None:
    async with running_sandbox() as sandbox, fresh_calls(sandbox) as http, opened(tmp_path, sandbox, http) as r:
        bench = r.posting.worker.bench
        rutter = Crooked(bench.desk.rutter)
        r.posting.worker.bench = replace(bench, desk=replace(bench.desk, rutter=rutter))
        if answered == "by a job":
            await r.fault(method="POST", endpoint="invoices", times=1, kind="stay_pending", seconds=0.2)
        async with working(r.posting):
            await r.tell(order("1001"), payment("ch_1", "1001"))
            (group,) = await r.until_parked()
            assert group.cause == "written different"
            await nothing_is_polled_for(r)
            await released(r, "order:1001")
            (group,) = await r.until_parked()
            assert (group.cause, group.behind) == ("written different", 1)
            rutter.crooked = False
            await released(r, "order:1001")
            counts = await r.settle()
            assert (counts.done, counts.held, counts.parked) == (2, 0, 0)
            await r.tell(order("1002"))  # the connection's first taxed document is proved by now
            assert (await r.settle()).done == 3
            assert len(await r.books("invoice")) == 2


async def test_a_refund_is_one_document_also_when_the_policy_changes_half_way(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox, fresh_calls(sandbox) as http, opened(tmp_path, sandbox, http) as r:
        async with working(r.posting):
            await r.tell(order("1001"), payment("ch_1", "1001"))
            assert (await r.settle()).done == 2
        await r.posting.transport.close()
        first = hired(r.trail, r.sandbox, r.clock)
        life = Life(named="post")
        mortal(first, life)
        async with working(first) as task:
            await r.tell(refund("re_1", "1001", 1000, through="ch_1"))
            await asyncio.wait_for(life.over.wait(), 10)
            await killed(first, task)
        await first.transport.close()
        await change_policy(r)
        r.clock.leap(minutes=1)
        heir = hired(r.trail, r.sandbox, r.clock, "worker-2")
        async with working(heir):
            assert (await r.settle()).done == 3
        await heir.transport.close()
        assert len(await r.books("invoice_credit_memo")) == 1
        assert await r.books("customer_refund") == []


async def change_policy(r: Rig) -> None:
    connection = await r.trail.work.connection("acme")
    assert connection is not None
    wanted = replace(connection, mapping=replace(MAPPING, policies=Policies(refund="customer_refund")))
    changed = await r.trail.run(lambda c: connections.declare(c, r.trail.keys, wanted, r.clock.now()))
    assert isinstance(changed, Declared)
    assert changed.changes


async def test_another_body_under_our_key_is_asked_about_and_nothing_is_polled_for(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"))
        assert (await r.settle()).done == 1
        (invoice,) = await r.books("invoice")
        item = {"id": (await items(r))["Sales"], "quantity": 1, "unit_amount": 1}
        body = {
            "customer_id": invoice["customer_id"],
            "issue_date": "2026-11-02",
            "currency_code": "USD",
            "line_items": [{"description": "Another", "total_amount": 1, "item": item}],
        }
        taken = await r.http.post(
            "/versioned/accounting/invoices",
            params={"access_token": r.token},
            json={"invoice": body},
            headers={
                "X-Rutter-Version": "2024-08-31",
                "Idempotency-Key": idempotency_key(r.company, "shop", "invoice:1002", 1),
            },
            auth=(r.sandbox.settings.client_id, r.sandbox.settings.client_secret),
        )
        assert taken.status_code == 200, taken.text
        await r.tell(order("1002"))
        (group,) = await r.until_parked()
        assert group.cause == "in doubt"
        assert "another body" in group.detail
        await nothing_is_polled_for(r)
        assert len(await r.books("invoice")) == 2


async def items(r: Rig) -> dict[str, str]:
    found = await r.http.get(
        "/versioned/accounting/items",
        params={"access_token": r.token},
        headers={"X-Rutter-Version": "2024-08-31"},
        auth=(r.sandbox.settings.client_id, r.sandbox.settings.client_secret),
    )
    return {one["name"]: one["id"] for one in found.json()["items"]}
