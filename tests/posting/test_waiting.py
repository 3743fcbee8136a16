"""Waiting has an end: a hold past its deadline parks, posts by itself when what it awaits arrives, or waits anew."""

import asyncio
from pathlib import Path

from service.trail.releasing import release
from tests.posting.rig import Rig, order, payment, rig


async def past_the_deadline(r: Rig) -> None:
    """A hold waits 72 hours; the sweep parks it then."""
    r.clock.leap(hours=73)
    await r.trail.work.sweep()


async def test_a_hold_parks_at_its_deadline_and_posts_when_its_order_comes_all_the_same(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(payment("ch_1", "1001"))
        await r.settle()
        await past_the_deadline(r)
        (group,) = await r.until_parked()
        assert (group.cause, group.subject) == ("hold expired", "invoice:1001")
        await r.tell(order("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (2, 0)


async def test_a_released_hold_waits_anew(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(payment("ch_1", "1001"))
        await r.settle()
        await past_the_deadline(r)
        (group,) = await r.until_parked()
        await r.trail.run(lambda c: release(c, r.clock.now(), fingerprints=[group.fingerprint]))
        counts = await r.settle()
        assert (counts.held, counts.parked) == (1, 0)
        await past_the_deadline(r)
        assert (await r.counts()).parked == 1


async def test_what_holds_does_not_stop_what_does_not(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(*(payment(f"ch_{number}", f"never-{number}") for number in range(100)))
        await r.tell(order("1001"))
        async with asyncio.timeout(60):
            counts = await r.settle()
        assert (counts.done, counts.held) == (1, 100)
