"""The story of the run: play, kill, cure, audit, replay, rebuild."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx

from sandbox.day import books
from sandbox.day.audit import Audit, audit
from sandbox.day.day import Day
from sandbox.day.generate import generate
from service.cli.demonstration.play import Played, play
from tools.scaled_day import takeover
from tools.scaled_day.announced import announced
from tools.scaled_day.installation import Installation, Places, installed
from tools.scaled_day.replays import rebuild, replay_everything
from tools.scaled_day.result import ScaledDay
from tools.scaled_day.stage_files import apply_late
from tools.scaled_day.upstream import plain_publisher

ALIAS: Final = "acme"
"""The connection whose worker dies: the busier one."""
AT_REST_SECONDS: Final = 240.0
READ_SECONDS: Final = 60.0
TELL_EVERY: Final = 2.0

Say = Callable[[str], None]


async def run(places: Places, room: Path, *, seed: int, now: datetime, orders: int, say: Say) -> ScaledDay:
    """The whole of it.

    Raises:
        CommandFailedError, NotSeenError, NotAtRestError: it came to a stop; the message says where.
    """
    begun = time.monotonic()
    day = generate(seed, now, orders)
    say(f"broker {places.broker}; a day of {len(day.facts.orders)} orders in {len(day.deliveries)} deliveries")
    async with httpx.AsyncClient(timeout=30) as http, installed(places, room, day, say, http) as here:
        await takeover.plant(here.sandbox, here.stage.companies[ALIAS])
        played = Played()
        async with _telling(here, day, played, say), asyncio.TaskGroup() as group:
            watching = group.create_task(
                takeover.kill_and_watch(here.sandbox, here.look, here.workers, ALIAS, say), name="takeover"
            )
            await _play(here, day, played)
            await here.all_read(READ_SECONDS)
            rebuilding = group.create_task(rebuild(here, day, say, http), name="rebuild")
            released = await _evening(here, day, say)
            await here.at_rest(AT_REST_SECONDS)
        audited = await _audit(here, day)
        say(f"books audited: {'clean' if audited.is_clean else 'NOT clean'}")
        heard = await announced(here)
        replayed = await replay_everything(here)
        say(f"replayed: {replayed.deliveries} deliveries read, {replayed.posts} POSTs to the sandbox")
        return ScaledDay(
            broker=places.broker,
            seed=seed,
            orders=len(day.facts.orders),
            deliveries=len(day.deliveries),
            published=played.published,
            answers=dict(sorted(played.statuses.items())),
            forged=sum(one.forged for one in day.deliveries),
            lost=tuple(played.lost),
            released=released,
            documents=here.look.documents(),
            takeover=watching.result(),
            audit=audited,
            announced=heard,
            replayed=replayed,
            rebuilt=rebuilding.result(),
            seconds=time.monotonic() - begun,
        )


async def _play(here: Installation, day: Day, played: Played) -> None:
    """The day's webhooks over both web processes, and its records by a plain client."""
    urls = [role.public_url for role in here.webs if role.public_url is not None]
    async with plain_publisher(here.places.bootstrap, idempotent=here.places.idempotent) as publisher:
        await play(day, urls, publisher, played, lambda: None)


async def _evening(here: Installation, day: Day, say: Say) -> int:
    """A person adds the mappings that were missing and releases what waited for them."""
    count = 0
    for connection in {late.connection for late in day.late_mappings}:
        await here.at_rest(AT_REST_SECONDS, connection)
    await apply_late(here.programs, day, here.stage)
    parked = json.loads(await here.programs.command("parked", "--json"))
    for group in parked["groups"]:
        wanted = ("--connection", group["connection"], "--cause", group["fingerprint"])
        answer = json.loads(await here.programs.command("release", *wanted, "--json"))
        count += answer["released"]
        say(f"mapped and released: {answer['released']} events of {group['connection']}, {group['fingerprint']}")
    return count


async def _audit(here: Installation, day: Day) -> Audit:
    names = {here.stage.companies[need.alias]: need for need in day.connections}
    return audit(day, books.read_report(names, await here.sandbox.books()))


@asynccontextmanager
async def _telling(here: Installation, day: Day, played: Played, say: Say) -> AsyncIterator[None]:
    """Say how far it is, for as long as it moves."""

    async def tell() -> None:
        said = ""
        while True:
            now, told = here.look.standing(), played.published + played.statuses.total()
            line = (f"told {told}/{len(day.deliveries)} · done {now.done} · due {now.due} · held {now.held} · "
                    f"parked {now.parked} · in doubt {now.open_writes}")  # fmt: skip
            if line != said:
                say(line)
                said = line
            await asyncio.sleep(TELL_EVERY)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
