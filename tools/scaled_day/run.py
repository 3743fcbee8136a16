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
from tools.scaled_day.installation import Installation, Places, installed
from tools.scaled_day.replays import rebuild, replay_everything
from tools.scaled_day.result import ScaledDay
from tools.scaled_day.stage_files import apply_late
from tools.scaled_day.upstream import plain_publisher

ALIAS: Final = "acme"
"""The connection whose worker dies: the busier one."""
AT_REST_SECONDS: Final = 240.0
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
        played, seen = await _play(here, day, say)
        released = await _evening(here, day, say)
        audited = await _audit(here, day)
        say(f"books audited: {'clean' if audited.is_clean else 'NOT clean'}")
        replayed = await replay_everything(here, http)
        say(f"replayed: {replayed.deliveries} deliveries read, {replayed.posts} POSTs to the sandbox")
        rebuilt = await rebuild(here, day, say, http)
        say(f"rebuilt books audited: {'clean' if rebuilt.audit.is_clean else 'NOT clean'}")
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
            takeover=seen,
            audit=audited,
            replayed=replayed,
            rebuilt=rebuilt,
            seconds=time.monotonic() - begun,
        )


async def _play(here: Installation, day: Day, say: Say) -> tuple[Played, takeover.Takeover]:
    """The day's webhooks over both web processes and its records by a plain client, while a worker dies."""
    await takeover.plant(here.sandbox, here.stage.companies[ALIAS])
    played, told = Played(), 0

    def one_more() -> None:
        nonlocal told
        told += 1

    def progress() -> str:
        now = here.look.standing()
        return (f"told {told}/{len(day.deliveries)} · done {now.done} · due {now.due} · held {now.held} · "
                f"parked {now.parked} · in doubt {now.open_writes}")  # fmt: skip

    urls = [role.public_url for role in here.webs if role.public_url is not None]
    bootstrap, idempotent = here.places.bootstrap, here.places.idempotent
    async with _telling(progress, say), plain_publisher(bootstrap, idempotent=idempotent) as publisher:
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(
                takeover.kill_and_watch(here.sandbox, here.look, here.workers, ALIAS, say), name="takeover"
            )
            group.create_task(play(day, urls, publisher, played, one_more), name="play")
        await here.at_rest(AT_REST_SECONDS, but=lambda: here.look.standing().parked > 0)
    say(progress())
    return played, watching.result()


async def _evening(here: Installation, day: Day, say: Say) -> int:
    """A person adds the mapping that was missing and releases what waited for it."""
    await apply_late(here.programs, day, here.stage)
    parked = json.loads(await here.programs.command("parked", "--json"))
    causes = [(group["connection"], group["fingerprint"]) for group in parked["groups"]]
    count = 0
    for connection, cause in causes:
        answer = json.loads(
            await here.programs.command("release", "--connection", connection, "--cause", cause, "--json")
        )
        count += answer["released"]
        say(f"mapped and released: {answer['released']} events of {connection} that were parked for {cause}")
    await here.at_rest(AT_REST_SECONDS)
    return count


async def _audit(here: Installation, day: Day) -> Audit:
    names = {here.stage.companies[need.alias]: need for need in day.connections}
    return audit(day, books.read_report(names, await here.sandbox.books()))


@asynccontextmanager
async def _telling(progress: Callable[[], str], say: Say) -> AsyncIterator[None]:
    async def tell() -> None:
        while True:
            say(progress())
            await asyncio.sleep(TELL_EVERY)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
