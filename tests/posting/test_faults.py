"""Each kind of write under each fault: the end state, with the fault shown to have fired.

A lost answer is met with the same bytes under the same key; a refusal parks with its cause; nothing is ever doubled.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from service.trail.releasing import release
from tests.posting.rig import Rig, order, payment, refund, rig

PROVEN = "proven"
REFUSED = "refused by the books"
PERSON = "in doubt"

KINDS = {
    "customer": "customers",
    "invoice": "invoices",
    "invoice_payment": "invoice_payments",
    "invoice_credit_memo": "invoice_credit_memos",
    "invoice_credit_application": "invoice_credit_applications",
}
FAULTS = {
    "timeout_before": PROVEN,
    "timeout_after": PROVEN,
    "error_before": PROVEN,
    "error_after": PROVEN,
    "429": PROVEN,
    "452": PROVEN,
    "450": REFUSED,
}


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it holds; a test that waits in vain fails."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 - the sandbox and the trail are asked; nobody tells
            await asyncio.sleep(0.02)


async def has_fired(r: Rig) -> bool:
    return await r.fired() > 0


async def stands(r: Rig, state: str) -> bool:
    connection = await r.trail.work.connection("acme")
    return connection is not None and connection.state.value == state


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_write_under_a_fault(tmp_path: Path, kind: str, fault: str) -> None:
    async with rig(tmp_path, speed=400.0) as r:
        await r.fault(method="POST", endpoint=KINDS[kind], times=1, kind=fault)
        await r.tell(order("1001"), payment("ch_1", "1001", 2058), refund("re_1", "1001", 700, through=None))
        groups = await r.until_parked()
        assert await r.fired() == 1
        assert {group.cause for group in groups} == ({REFUSED} if FAULTS[fault] == REFUSED else set())
        if FAULTS[fault] is PROVEN:
            found = {name: len(await r.books(name)) for name in ("invoice", "invoice_payment", "invoice_credit_memo")}
            assert found == {"invoice": 1, "invoice_payment": 1, "invoice_credit_memo": 1}
            (invoice,) = await r.books("invoice")
            assert invoice["amount_due"] == 3.00


async def test_a_job_that_stays_pending_is_asked_until_it_ends(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.fault(method="POST", endpoint="invoices", times=1, kind="stay_pending")
        await r.tell(order("1001"))
        await until(lambda: has_fired(r))
        assert await r.books("invoice") == []
        assert (await r.counts()).done == 0
        await r.http.post("/_sandbox/faults/release", json={})
        assert (await r.settle()).done == 1
        assert len(await r.books("invoice")) == 1


async def test_a_connection_that_needs_its_owner_pauses_and_nothing_is_lost(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.http.post("/_sandbox/connections/state", json={"connection_id": r.company, "state": "needs_update"})
        await r.tell(order("1001"))
        await until(lambda: stands(r, "needs_update"))
        assert await r.books("invoice") == []
        assert (await r.counts()).due == 1


async def test_a_refused_invoice_is_cured_and_released(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.fault(method="POST", endpoint="invoices", times=1, kind="450")
        await r.tell(order("1001"), payment("ch_1", "1001"))
        (group,) = await r.until_parked()
        assert (group.count, group.behind) == (1, 1)
        now = r.clock.now()
        released = await r.trail.run(lambda c: release(c, now, fingerprints=[group.fingerprint]))
        assert [one.key for one in released] == ["order:1001"]
        assert (await r.settle()).done == 2
        keys = [asked["idempotency_key"] for asked in await r.posts("invoice")]
        assert len(set(keys)) == 2  # the first key is spent on its refusal; the cure has the next revision's
