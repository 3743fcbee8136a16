"""Due work is read while events end: what ended meanwhile is not taken in hand from that reading.

Handled again from its stale row, an event that has just gone to sleep could sleep through the wake that comes between.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from consumers.ports import DueEvent, Lease
from service.trail.ports import Work
from tests.posting.rig import order, payment, rig


@dataclass(frozen=True)
class Gated(Work):
    """The trail's own work, with two doors for the test: after due work was read, before a hold is written."""

    holding: asyncio.Event = field(default_factory=asyncio.Event)
    may_hold: asyncio.Event = field(default_factory=asyncio.Event)
    was_read: asyncio.Event = field(default_factory=asyncio.Event)
    may_know: asyncio.Event = field(default_factory=asyncio.Event)
    asleep: asyncio.Event = field(default_factory=asyncio.Event)
    holds: list[str] = field(default_factory=list)

    async def due(self, alias: str, limit: int) -> Sequence[DueEvent]:
        found = await super().due(alias, limit)
        if self.holding.is_set() and not self.may_hold.is_set():
            self.was_read.set()
            await self.may_know.wait()
        return found

    async def hold(
        self, lease: Lease, due: DueEvent, *, awaits: str, seen: int, reason: str, deadline: datetime
    ) -> None:
        self.holds.append(due.event.key)
        self.holding.set()
        await self.may_hold.wait()
        await super().hold(lease, due, awaits=awaits, seen=seen, reason=reason, deadline=deadline)
        self.asleep.set()


async def test_an_event_that_went_to_sleep_meanwhile_is_not_handled_again(tmp_path: Path) -> None:
    async with rig(tmp_path, gate=Gated) as r, asyncio.timeout(60):
        gated = r.trail.work
        assert isinstance(gated, Gated)
        await r.tell(payment("ch_1", "1001"))
        await gated.holding.wait()
        r.posting.wake({"acme"})
        await gated.was_read.wait()  # the reading has the payment as due …
        gated.may_hold.set()
        await gated.asleep.wait()  # … and meanwhile it goes to sleep …
        gated.may_know.set()  # … before the reading arrives
        await r.settle()
        await asyncio.sleep(0.1)
        assert gated.holds == ["payment:ch_1"]
        await r.tell(order("1001"))
        assert (await r.settle()).done == 2
