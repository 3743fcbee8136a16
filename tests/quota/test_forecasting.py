"""When the last will be in: worked out by hand, and against the clock."""

import asyncio
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consumers.forecasting import Bounds, Day, Forecast, Measured, Waiting, forecast, in_words
from sandbox.server import Sandbox, running_sandbox
from service.metrics import new_metrics
from service.posting import Posting, build_posting
from service.rutter.settings import RutterSettings
from service.trail import connections
from service.trail.database import Trail
from service.trail.forecast import forecasts
from tests.posting.rig import FastClock, Rig, fresh_calls, opened, order, working

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_the_platform_s_minute_is_the_pace_until_something_is_measured() -> None:
    found = forecast(Waiting(backfill=600), Measured(), Bounds(per_minute=60), NOW)
    assert (found.per_minute, found.until, found.bound) == (60.0, NOW + timedelta(minutes=10), "minute")


def test_what_is_measured_counts_where_it_is_slower() -> None:
    slow = Measured(documents=31, calls=31, seconds=60)
    found = forecast(Waiting(live=300), slow, Bounds(per_minute=60), NOW)
    assert (found.per_minute, found.until, found.bound) == (30.0, NOW + timedelta(minutes=10), "measured")


def test_customers_made_on_the_way_take_calls_as_well() -> None:
    made = Measured(documents=100, calls=200, seconds=10)
    assert forecast(Waiting(live=300), made, Bounds(per_minute=60), NOW).until == NOW + timedelta(minutes=10)


def test_live_ones_are_in_before_the_backfill_which_has_a_quarter_meanwhile() -> None:
    found = forecast(Waiting(live=45, backfill=600), Measured(), Bounds(per_minute=60), NOW)
    assert found.live_until == NOW + timedelta(minutes=1)
    assert found.until == NOW + timedelta(minutes=10, seconds=45)


def test_a_full_day_waits_until_its_first_calls_lie_a_day_back() -> None:
    """1000 a day, of which 400 were made at 02:00: 600 go now, the next 400 from 03:00 tomorrow, and 100 from 13:00."""
    day = Day(per_day=1000, length=DAY, used=((NOW - 10 * HOUR, 400),))
    found = forecast(Waiting(backfill=1100), Measured(), Bounds(per_minute=600, day=day), NOW)
    assert found.bound == "day"
    assert found.until == NOW + 25 * HOUR + timedelta(seconds=10)
    sooner = forecast(Waiting(backfill=1000), Measured(), Bounds(per_minute=600, day=day), NOW)
    assert sooner.until == NOW + 15 * HOUR + timedelta(seconds=40)
    today = forecast(Waiting(backfill=600), Measured(), Bounds(per_minute=600, day=day), NOW)
    assert (today.until, today.bound) == (NOW + timedelta(minutes=1), "minute")


def test_a_stopped_connection_has_no_end() -> None:
    found = forecast(Waiting(live=1), Measured(), Bounds(per_minute=60, stopped="the connection is paused"), NOW)
    assert (found.until, found.live_until) == (None, None)
    assert in_words(found, NOW) == "1 documents wait (1 live, 0 backfill); the connection is paused"


def test_in_words() -> None:
    found = forecast(Waiting(live=12, backfill=9800), Measured(), Bounds(per_minute=58), NOW)
    assert in_words(found, NOW) == (
        "9,812 documents wait (12 live, 9,800 backfill), 58 a minute (the platform's minute); the last about 14:49 UTC"
    )


@dataclass(frozen=True)
class Run:
    """How long a rehearsal took, in the clock's seconds, and what was said when a fifth of it was in."""

    said: Forecast
    said_at: datetime
    ended_at: datetime
    refused: int

    @property
    def off(self) -> float:
        """By how much of what was left the forecast was off."""
        assert self.said.until is not None
        return (self.said.until - self.ended_at) / (self.ended_at - self.said_at)


async def backfill(r: Rig, posting: Posting, count: int, day: timedelta) -> Run:
    """Tell old orders, and watch until the last is in."""
    await r.tell(order("first", 1000, tax=0))
    async with working(posting):
        await until(r, 1)
        await r.tell(*(order(str(number), 1000, tax=0) for number in range(count)))
        await until(r, count // 5)
        said_at = r.clock.now()
        said = (await r.trail.read(lambda c: forecasts(c, r.clock.now(), day)))["acme"]
        await until(r, count + 1)
        ended_at = r.clock.now()
    await posting.transport.close()
    asked = (await r.http.get("/_sandbox/requests")).json()["requests"]
    refused = sum(one["status"] == 452 for one in asked)
    return Run(said, said_at, ended_at, refused)


async def until(r: Rig, done: int) -> None:
    deadline = time.monotonic() + 60
    while (await r.counts()).done < done:
        assert time.monotonic() < deadline, await r.counts()
        await asyncio.sleep(0.01)


async def declared(trail: Trail, clock: FastClock, **also: int | None) -> None:
    known = await trail.work.connection("acme")
    assert known is not None
    wanted = replace(known, **also)  # type: ignore[arg-type]  # numbers, all of them
    await trail.run(lambda c: connections.declare(c, trail.keys, wanted, clock.now()))


def hired(trail: Trail, sandbox: Sandbox, clock: FastClock, day: timedelta) -> Posting:
    settings = RutterSettings(
        base_url=sandbox.base_url,
        client_id=sandbox.settings.client_id,
        client_secret=sandbox.settings.client_secret,
        assume_synced=True,
        day=day,
    )
    posting = build_posting(trail, settings, "worker-1", clock, new_metrics())  # type: ignore[arg-type]  # a clock all the same
    loop = asyncio.get_running_loop()
    trail.on_due = lambda aliases: loop.call_soon_threadsafe(posting.wake, aliases)  # type: ignore[assignment]  # nobody asks for the handle
    return posting


async def test_a_minute_s_quota_is_kept_and_foreseen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """300 a minute in a clock that runs twice as fast; the sandbox's platform takes no more in a like minute."""
    speed, per_minute = 2.0, 300
    async with (
        running_sandbox() as sandbox,
        fresh_calls(sandbox) as http,
        opened(tmp_path, sandbox, http, speed=speed, start=NOW + timedelta(days=3)) as r,
    ):
        limits = {"calls_per_minute": per_minute + 16, "minute_seconds": 60 / speed}
        asked = {"connection_id": r.company, **limits}
        assert (await http.post("/_sandbox/connections/edit", json=asked)).status_code == 200
        await declared(r.trail, r.clock, calls_per_minute=per_minute)

        run = await backfill(r, hired(r.trail, sandbox, r.clock, DAY), 100, DAY)

    with capsys.disabled():
        sys.stdout.write(f"\n  minute: {in_words(run.said, run.said_at)}; off by {run.off:+.1%} of what was left\n")
    assert (run.said.live, run.said.bound, run.refused) == (0, "minute", 0)
    assert 60 <= run.said.backfill <= 85  # some more of them are in before this is asked
    assert abs(run.off) < 0.25


async def test_a_day_s_quota_is_kept_and_foreseen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """40 a day, in a day of five seconds (17,280 times as fast); the sandbox's platform has a like one, with room for
    what is late on its way, which is nothing in a whole day."""
    day = timedelta(seconds=5)
    async with (
        running_sandbox() as sandbox,
        fresh_calls(sandbox) as http,
        opened(tmp_path, sandbox, http, speed=1.0, start=NOW + timedelta(days=3)) as r,
    ):
        asked = {"connection_id": r.company, "calls_per_day": 44, "day_seconds": day.total_seconds()}
        assert (await http.post("/_sandbox/connections/edit", json=asked)).status_code == 200
        await declared(r.trail, r.clock, calls_per_minute=6000, calls_per_day=40)

        run = await backfill(r, hired(r.trail, sandbox, r.clock, day), 60, day)

    with capsys.disabled():
        sys.stdout.write(f"\n  day: {in_words(run.said, run.said_at)}; off by {run.off:+.1%} of what was left\n")
    assert (run.said.bound, run.refused) == ("day", 0)
    assert abs(run.off) < 0.25
