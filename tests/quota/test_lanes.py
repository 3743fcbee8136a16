"""What happens now goes before backfill, and backfill never stands still."""

import asyncio
from datetime import timedelta

import pytest

from consumers.posting.slots import Lane, Slot, Slots
from service.rutter.quota import Turns
from service.trail import archive
from service.trail.lanes import BACKFILL, LIVE, lane_of, shared
from tests.trail.conftest import NOON, HandClock, acme
from tests.trail.hands import Hands
from tests.trail.told import order


def test_what_is_told_more_than_a_day_late_is_backfill() -> None:
    assert lane_of(NOON - timedelta(hours=24), NOON) == LIVE
    assert lane_of(NOON - timedelta(hours=24, seconds=1), NOON) == BACKFILL


def test_every_fourth_is_backfill_while_both_wait() -> None:
    assert shared(["a", "b", "c", "d"], ["1", "2", "3"]) == ["a", "b", "c", "1", "d", "2", "3"]
    assert shared([], ["1", "2"]) == ["1", "2"]
    assert shared(["a"], []) == ["a"]


async def test_live_events_are_offered_before_older_backfill(hands: Hands, clock: HandClock) -> None:
    clock.pass_(days=2)  # the orders of the tests are of the first day
    await hands.take()
    await hands.tell(*(order(f"old-{number}") for number in range(5)))
    clock.pass_(minutes=1)
    fresh = [order(f"new-{number}") for number in range(4)]
    await hands.tell(*(one.model_copy(update={"time": clock.now()}) for one in fresh))

    assert await hands.keys() == [
        *("order:new-0", "order:new-1", "order:new-2", "order:old-0", "order:new-3"),
        *("order:old-1", "order:old-2", "order:old-3", "order:old-4"),
    ]
    assert [one.backfill for one in await hands.trail.work.due("acme", 4)] == [False, False, False, True]
    assert await hands.trail.work.next_due_at("acme") == clock.now() - timedelta(minutes=1)
    assert await hands.trail.work.connections_with_work("worker-1") == ["acme"]


async def test_what_is_replayed_is_backfill(hands: Hands, clock: HandClock) -> None:
    await hands.tell(order("1"))
    await hands.hold(await hands.due("order:1"), "invoice:1")
    await hands.tell(order("2"))

    again = await hands.trail.run(lambda c: archive.due_again(c, {("acme", "store", "order:1")}, clock.now()))

    assert again == 1
    assert [(one.event.key, one.backfill) for one in await hands.trail.work.due("acme", 9)] == [
        ("order:2", False),
        ("order:1", True),
    ]


async def test_a_live_event_takes_the_next_free_slot() -> None:
    slots, order_of = Slots(1), list[str]()

    async def one(name: str, *, behind: bool) -> None:
        async with Slot(Lane(slots, behind)):
            order_of.append(name)
            await asyncio.sleep(0)

    names = ["old-1", "old-2", "old-3", "new-1", "new-2", "new-3", "new-4", "new-5"]
    await asyncio.gather(*(one(name, behind=name.startswith("old")) for name in names))

    assert order_of == ["old-1", "new-1", "new-2", "new-3", "old-2", "new-4", "new-5", "old-3"]


async def test_a_slot_that_is_given_to_one_who_is_called_off_is_not_lost() -> None:
    slots = Slots(1)
    await slots.acquire(behind=False)
    waiting = [asyncio.create_task(slots.acquire(behind=behind)) for behind in (False, True, False)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    slots.release()  # goes to the third: the first is being called off
    waiting[2].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert waiting[1].done()
    assert not waiting[1].cancelled()
    slots.release()
    await asyncio.wait_for(slots.acquire(behind=False), 30)


class SteppedClock(HandClock):
    """Sleepers wake in the order of their times; time passes only when all sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.at.timestamp() + seconds, woken))
        await woken

    async def run(self, until: float) -> None:
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            self.sleepers.sort(key=lambda one: one[0])
            if not self.sleepers or self.sleepers[0][0] > NOON.timestamp() + until:
                return
            at, woken = self.sleepers.pop(0)
            self.at = max(self.at, NOON + timedelta(seconds=at - NOON.timestamp()))
            if not woken.done():
                woken.set_result(None)


@pytest.mark.parametrize("live", [1, 9])
async def test_a_live_turn_is_the_next_one_and_the_backfill_keeps_a_share(live: int) -> None:
    """60 a minute: a turn a second. Ten of the backfill wait when the live ones come."""
    clock = SteppedClock()
    turns = Turns(clock)
    connection = acme()
    object.__setattr__(connection, "calls_per_minute", 60)
    object.__setattr__(connection, "in_flight", 1)
    went: list[tuple[str, int]] = []

    async def turn(name: str, *, behind: bool) -> None:
        await (turns.behind() if behind else turns).turn(connection)
        went.append((name, round((clock.now() - NOON).total_seconds())))

    tasks = [asyncio.create_task(turn("old", behind=True)) for _ in range(10)]
    await clock.run(2.5)
    assert went == [("old", 0), ("old", 1), ("old", 2)]
    clock.at = NOON + timedelta(seconds=2.5)
    tasks += [asyncio.create_task(turn("new", behind=False)) for _ in range(live)]
    await clock.run(60)

    assert went[3] == ("new", 3)
    assert [at for _, at in went] == list(range(10 + live))
    if live == 9:
        first_old = [name for name, _ in went[3:]].index("old")
        assert first_old <= 9
    await asyncio.gather(*tasks)
