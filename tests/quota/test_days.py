"""A platform's day: never more writes than it takes, whoever counts, and whatever crashes."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.connections import Connection
from schemas.platforms.allowance import allowance
from service.adapters import TrailQuotas
from service.rutter.daily import Days
from service.trail import quotas
from service.trail.database import Trail
from service.trail.quotas import Reserved, Used
from tests.trail.conftest import NOON, HandClock, acme

DAY = timedelta(days=1)
TWELVE = replace(acme(), calls_per_day=12)


class Counted:
    """A trail that is one list: what `quotas.reserve` is to come to, written once more and simply."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.slots: dict[datetime, int] = {}

    async def reserve(self, alias: str, per_day: int, want: int, *, day: timedelta, back: Used | None) -> Reserved:
        assert alias == "acme"
        now = self.clock.now()
        if back is not None:
            self.slots[back.begins] -= back.calls
        begins = now.replace(minute=0, second=0, microsecond=0)
        counted = sum(calls for begun, calls in self.slots.items() if begun >= begins - day)
        calls = min(want, per_day - counted)
        self.slots[begins] = self.slots.get(begins, 0) + calls
        return Reserved(calls=calls, begins=begins, again_at=None if calls else now + timedelta(hours=1))


def test_the_platform_s_bounds_count_and_declaring_less_lowers_them() -> None:
    zoho = replace(acme(), platform="ZOHOBOOKS")
    assert (allowance(zoho).per_minute, allowance(zoho).burst, allowance(zoho).per_day) == (96, 5, 1000)
    assert allowance(replace(zoho, calls_per_minute=30, calls_per_day=200)).per_minute == 30
    assert allowance(replace(zoho, calls_per_minute=30, calls_per_day=200)).per_day == 200
    assert allowance(replace(zoho, calls_per_day=5000)).per_day == 1000
    quickbooks = allowance(acme())
    assert (quickbooks.per_minute, quickbooks.burst, quickbooks.per_day) == (480, 16, None)


def test_who_declares_more_than_the_default_says_that_the_published_bounds_are_not_theirs() -> None:
    agreed = replace(acme(), platform="ZOHOBOOKS", calls_per_minute=600)
    assert (allowance(agreed).per_minute, allowance(agreed).per_day) == (600, None)


async def test_a_day_that_is_full_says_when_it_has_room_again(trail: Trail, clock: HandClock) -> None:
    days = Days(TrailQuotas(trail), clock)
    assert [await days.spend(TWELVE) for _ in range(12)] == [None] * 12
    clock.pass_(hours=3, minutes=20)

    assert await days.spend(TWELVE) == NOON + timedelta(hours=25)

    clock.pass_(hours=21, minutes=39)
    assert await days.spend(TWELVE) == NOON + timedelta(hours=25)
    clock.pass_(minutes=1)
    assert await days.spend(TWELVE) is None


async def test_another_worker_counts_on(trail: Trail, clock: HandClock) -> None:
    """Take-over, or restart: what the first one had reserved counts as made."""
    thousand = replace(TWELVE, calls_per_day=1000)
    first, second = Days(TrailQuotas(trail), clock), Days(TrailQuotas(trail), clock)
    for _ in range(30):
        assert await first.spend(thousand) is None
    assert await trail.read(lambda c: quotas.used(c, "acme", NOON, DAY)) == (Used(begins=NOON, calls=40),)

    made = 0
    while await second.spend(thousand) is None:
        made += 1

    assert made == 960
    assert await trail.read(lambda c: quotas.used(c, "other", NOON, DAY)) == ()


async def test_what_was_reserved_and_not_made_is_given_back_with_the_next_hour(trail: Trail, clock: HandClock) -> None:
    days = Days(TrailQuotas(trail), clock)
    thousand = replace(TWELVE, calls_per_day=1000)
    await days.spend(thousand)
    clock.pass_(hours=1)
    await days.spend(thousand)

    used = await trail.read(lambda c: quotas.used(c, "acme", clock.now(), DAY))

    assert used == (Used(begins=NOON, calls=1), Used(begins=NOON + timedelta(hours=1), calls=20))


async def test_without_a_known_day_nothing_is_counted(trail: Trail, clock: HandClock) -> None:
    assert await Days(TrailQuotas(trail), clock).spend(acme()) is None
    assert await trail.read(lambda c: quotas.used(c, "acme", NOON, DAY)) == ()


STEP = st.one_of(st.just("crash"), st.integers(1, 20), st.timedeltas(timedelta(minutes=1), timedelta(hours=30)))


@pytest.mark.parametrize("per_day", [3, 120])
@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEP, max_size=60))
async def test_no_24_hours_ever_see_more_than_the_day_takes(per_day: int, steps: list[object]) -> None:
    clock = HandClock()
    connection: Connection = replace(TWELVE, calls_per_day=per_day)
    store = Counted(clock)
    days = Days(store, clock)
    made: deque[datetime] = deque()
    for step in steps:
        if step == "crash":
            days = Days(store, clock)
        elif isinstance(step, timedelta):
            clock.at += step
        elif isinstance(step, int):
            for _ in range(step):
                if await days.spend(connection) is None:
                    made.append(clock.now())
        while made and made[0] <= clock.now() - DAY:
            made.popleft()
        assert len(made) <= per_day


def test_slots_begin_on_the_hour() -> None:
    at = datetime(2026, 11, 2, 12, 59, 59, tzinfo=UTC)
    assert quotas.slot_of(at, DAY) == datetime(2026, 11, 2, 12, tzinfo=UTC)
