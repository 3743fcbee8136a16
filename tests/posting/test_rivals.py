"""Two payments of one open balance: the second is planned once it is known what became of the first."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from service.trail.overview import Counts
from tests.posting.rig import Rig, order, payment, rig


async def until(r: Rig, holds: Callable[[Counts], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds(await r.counts()):  # noqa: ASYNC110 - the trail is asked; nobody tells
            await asyncio.sleep(0.02)


async def test_a_payment_in_doubt_keeps_another_from_the_same_open_balance(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"))
        await r.settle()
        await r.fault(method="POST", endpoint="invoice_payments", times=1, kind="stay_pending")
        await r.tell(payment("ch_1", "1001"))
        await until(r, lambda counts: counts.in_doubt == 1)
        await r.tell(payment("ch_2", "1001"))
        await until(r, lambda counts: counts.held == 1)
        assert len(await r.posts("invoice_payment")) == 1

        await r.http.post("/_sandbox/faults/release", json={})

        (group,) = await r.until_parked()
        assert (group.cause, group.subject, group.count) == ("overpayment", "payment ch_2", 1)
        assert len(await r.books("invoice_payment")) == 1


async def test_what_a_refused_payment_wanted_is_open_to_the_next(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"))
        await r.settle()
        await r.fault(method="POST", endpoint="invoice_payments", times=1, kind="450")
        await r.tell(payment("ch_1", "1001"))
        (group,) = await r.until_parked()
        assert group.sample[0].key == "payment:ch_1"
        await r.tell(payment("ch_2", "1001"))

        counts = await r.settle()

        assert (counts.done, counts.parked, counts.held) == (2, 1, 0)
