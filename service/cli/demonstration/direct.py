"""Directing the demo: stage, play, settle, cure, settle, audit."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, Protocol

import httpx

from consumers.intake import Verdict
from sandbox.day import audit, books
from sandbox.day.day import Day
from sandbox.day.documents import Documents
from sandbox.server import Sandbox
from service.cli.demonstration.planting import Error, plant
from service.cli.demonstration.play import Played, play
from service.cli.demonstration.report import KINDS, Outcome
from service.cli.demonstration.stage import Stage, StageError, connection_toml, set_stage
from service.cli.demonstration.watch import Standing, settled
from service.configuration.declaring import declare
from service.configuration.file import Secrets, WrongFile, read_file
from service.running import Running
from service.trail.parked import Parked, parked
from service.trail.releasing import release

PATIENCE: Final = 240.0


class Audience(Protocol):
    """Who is told how it goes."""

    def act(self, title: str, total: int | None = None) -> None:
        """A new part begins."""
        ...

    def told(self, count: int) -> None:
        """So many deliveries have been sent."""
        ...

    def stands(self, standing: Standing) -> None:
        """So far the trail has come."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The day, the sandbox it is played against, and the running service."""

    day: Day
    sandbox: Sandbox
    running: Running
    recorded: Callable[[Verdict], int]
    planted: Error | None = None

    @property
    def credentials(self) -> tuple[str, str]:
        """The sandbox's."""
        return self.sandbox.settings.client_id, self.sandbox.settings.client_secret


async def direct(setting: Setting, audience: Audience) -> Outcome:
    """Play the whole day and audit the books."""
    began = time.monotonic()
    day, trail = setting.day, setting.running.trail
    audience.act("setting the stage")
    stage = await set_stage(day, setting.sandbox.url, setting.credentials)
    await _declare(setting, stage.configuration, stage)
    audience.act("telling the day", len(day.deliveries))
    played = Played()
    sent = 0

    def told() -> None:
        nonlocal sent
        sent += 1
        audience.told(sent)

    watching = asyncio.create_task(_watch(setting, audience))
    await play(day, str(setting.running.public_url), None, played, told)
    watching.cancel()
    audience.act("posting what is left")
    await settled(trail, audience.stands, PATIENCE)
    waiting = await trail.read(parked)
    audience.act("mapping the item, releasing")
    await _declare(setting, _with_late_mappings(day, stage), stage)
    released = await _release(setting, waiting)
    await settled(trail, audience.stands, PATIENCE)
    audience.act("auditing document by document")
    if setting.planted is not None:
        alias, company = next(iter(stage.companies.items()))
        token = stage.environment[f"DEMO_{alias.upper()}_TOKEN"]
        audience.act(await plant(setting.planted, setting.sandbox.url, setting.credentials, token, company))
    documents = await _documents(setting, stage)
    standing = await settled(trail, audience.stands, PATIENCE)
    return Outcome(
        day=day,
        audit=audit.audit(day, documents),
        in_books={kind: len(getattr(documents, kind)) for kind in KINDS},
        deliveries=sum(count for status, count in played.statuses.items() if status < 300) + played.published,
        rejected=played.statuses[401],
        unanswered=len(played.lost),
        events=standing.events,
        duplicates_dropped=setting.recorded(Verdict.DUPLICATE),
        parked=sum(group.count for group in waiting.groups),
        unreadable=waiting.unreadable_count,
        released=released,
        seconds=time.monotonic() - began,
    )


async def _watch(setting: Setting, audience: Audience) -> None:
    while True:
        await settled(setting.running.trail, audience.stands, PATIENCE)
        await asyncio.sleep(0.3)


async def _declare(setting: Setting, configuration: str, stage: Stage) -> None:
    wanted = read_file(configuration, Secrets(stage.environment))
    if isinstance(wanted, WrongFile):
        raise StageError(f"the demo's own configuration is wrong: {wanted.lines}")
    trail = setting.running.trail
    await trail.run(lambda c: declare(c, trail.keys, wanted, datetime.now(UTC)))


def _with_late_mappings(day: Day, stage: Stage) -> str:
    late = {one.connection for one in day.late_mappings}
    return "\n".join(
        connection_toml(need, stage.companies[need.alias], f"DEMO_{need.alias.upper()}_TOKEN", day.late_mappings)
        for need in day.connections
        if need.alias in late
    )


async def _release(setting: Setting, waiting: Parked) -> int:
    trail = setting.running.trail
    causes = [group.fingerprint for group in waiting.groups if group.cause == "unmapped item"]
    released = await trail.run(lambda c: release(c, datetime.now(UTC), fingerprints=causes))
    return len(released)


async def _documents(setting: Setting, stage: Stage) -> Documents:
    async with httpx.AsyncClient(timeout=60) as http:
        answer = await http.get(f"{setting.sandbox.url}/_sandbox/books")
    report = json.loads(answer.content, parse_float=Decimal)
    return books.read_report({stage.companies[need.alias]: need for need in setting.day.connections}, report)
