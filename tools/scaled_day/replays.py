"""Replay, twice: the whole day where it is, which posts nothing, and into an empty trail against empty books."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import httpx

from sandbox.day import books
from sandbox.day.audit import Audit, audit
from sandbox.day.day import Day
from service.cli.demonstration.stage import set_stage
from tools.parts.postgres_databases import fresh_database
from tools.scaled_day.installation import Installation, NotAtRestError, environment_of
from tools.scaled_day.processes import Programs
from tools.scaled_day.sandbox_process import CREDENTIALS, sandbox_process
from tools.scaled_day.stage_files import apply_late, apply_stage
from tools.scaled_day.trail_look import TrailLook

AT_REST_SECONDS: Final = 60.0
REBUILD_SECONDS: Final = 180.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """Everything kept, read again where it is. `posts`: what the sandbox was asked to write because of it."""

    deliveries: int
    events: int
    posts: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Everything kept, read into an empty trail whose connections have empty books."""

    deliveries: int
    documents: dict[str, int]
    audit: Audit
    seconds: float


async def replay_everything(here: Installation) -> Replayed:
    """`ledgerhook replay --all`, then wait until the workers have nothing left to do."""
    before = len(await here.sandbox.posts())
    told = json.loads(await here.programs.command("replay", "--all", "--json"))
    await here.at_rest(AT_REST_SECONDS)
    return Replayed(told["deliveries"], told["events"], len(await here.sandbox.posts()) - before)


async def rebuild(here: Installation, day: Day, say: Callable[[str], None], http: httpx.AsyncClient) -> Rebuilt:
    """A new database, a new sandbox, one worker without Kafka; everything comes from the old trail's archive."""
    begun = time.monotonic()
    room = here.programs.room / "rebuilt"
    room.mkdir()
    with fresh_database(here.places.database_url) as url:
        async with sandbox_process(room, http) as sandbox:
            places = replace(here.places, database_url=url)
            environment = environment_of(places, sandbox, here.admin_token)
            del environment["LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS"]
            keys = here.programs.environment["LEDGERHOOK_ENCRYPTION_KEYS"]
            programs = Programs(room, environment | {"LEDGERHOOK_ENCRYPTION_KEYS": keys})
            await programs.command("migrate")
            stage = await set_stage(day, sandbox.url, CREDENTIALS)
            await apply_stage(programs, stage)
            await apply_late(programs, day, stage)
            read = json.loads(await programs.command("replay", "--from", here.places.database_url, "--json"))[
                "deliveries"
            ]
            say(f"rebuilding: {read} deliveries read into an empty trail")
            try:
                await programs.start("worker").ready(http)
                documents = await _posted(url, say)
            finally:
                programs.stop()
            names = {stage.companies[need.alias]: need for need in day.connections}
            report = await sandbox.books()
    found = audit(day, books.read_report(names, report))
    return Rebuilt(read, documents, found, time.monotonic() - begun)


async def _posted(url: str, say: Callable[[str], None]) -> dict[str, int]:
    look = TrailLook(url)
    try:
        deadline = time.monotonic() + REBUILD_SECONDS
        while not look.standing().at_rest:
            if time.monotonic() > deadline:
                raise NotAtRestError(f"the rebuilt trail is not at rest: {look.standing()}")
            await asyncio.sleep(0.2)
        standing = look.standing()
        say(f"rebuilt: {standing.done} events done, {standing.held} held, {standing.parked} parked")
        return look.documents()
    finally:
        look.close()
