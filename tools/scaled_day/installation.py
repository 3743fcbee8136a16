"""A scaled installation on this machine: migrated, staged, with its roles running against a sandbox."""

import asyncio
import base64
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from sandbox.day.day import Day
from service.cli.demonstration.stage import Stage, set_stage
from tools.scaled_day.processes import Programs, Role, clean_environment
from tools.scaled_day.sandbox_process import CREDENTIALS, Sandbox, sandbox_process
from tools.scaled_day.stage_files import apply_stage
from tools.scaled_day.trail_look import TrailLook
from tools.scaled_day.upstream import TOPIC, end_offsets

WEBS: Final = 2
WORKERS: Final = 2
STEADY_LOOKS: Final = 3


@dataclass(frozen=True, slots=True)
class Places:
    """The real parts of a run: the broker (by name, with its address) and PostgreSQL."""

    broker: str
    bootstrap: str
    idempotent: bool
    database_url: str


class NotAtRestError(RuntimeError):
    """Work went on for longer than a run may take; the message says how it stands."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What runs, and the ways to look at it that are not its own."""

    places: Places
    programs: Programs
    sandbox: Sandbox
    stage: Stage
    look: TrailLook
    webs: tuple[Role, ...]
    workers: dict[int, Role]
    admin_token: str

    async def at_rest(self, within: float, alias: str | None = None) -> None:
        """Wait until all of Kafka is in the trail and nothing (of one connection) moves by itself any more.

        Raises:
            NotAtRestError: it does not come to rest in time.
        """
        deadline = time.monotonic() + within
        await self.all_read(within)
        quiet = 0
        while quiet < STEADY_LOOKS:
            if time.monotonic() > deadline:
                raise NotAtRestError(f"not at rest after {within:.0f} s: {self.look.standing(alias)}")
            await asyncio.sleep(0.2)
            quiet = quiet + 1 if self.look.standing(alias).at_rest else 0

    async def all_read(self, within: float) -> None:
        """Wait until everything that is in Kafka now is in the trail.

        Raises:
            NotAtRestError: it is not in time.
        """
        ends = await end_offsets(self.places.bootstrap)
        deadline = time.monotonic() + within
        while any(self.look.positions(TOPIC).get(partition, 0) < end for partition, end in ends.items()):
            if time.monotonic() > deadline:
                raise NotAtRestError(
                    f"after {within:.0f} s Kafka is at {ends}, the trail at {self.look.positions(TOPIC)}"
                )
            await asyncio.sleep(0.2)


@asynccontextmanager
async def installed(
    places: Places, room: Path, day: Day, say: Callable[[str], None], http: httpx.AsyncClient
) -> AsyncIterator[Installation]:
    """Migrate, apply the day's configuration, start the roles and wait until they are ready."""
    async with sandbox_process(room, http) as sandbox:
        token = secrets.token_urlsafe(24)
        programs = Programs(room, environment_of(places, sandbox, token))
        say(" · ".join((await programs.command("migrate")).split("\n")).strip(" ·"))
        stage = await set_stage(day, sandbox.url, CREDENTIALS)
        await apply_stage(programs, stage)
        look = TrailLook(places.database_url)
        try:
            webs = tuple(programs.start("web") for _ in range(WEBS))
            workers = [programs.start("worker") for _ in range(WORKERS)]
            for role in (*webs, *workers):
                await role.ready(http)
                say(f"{role.name} is process {role.child.pid}, console at {role.admin_url}/")
            by_pid = {role.child.pid: role for role in workers}
            yield Installation(places, programs, sandbox, stage, look, webs, by_pid, token)
        finally:
            look.close()
            programs.stop()


def environment_of(places: Places, sandbox: Sandbox, admin_token: str) -> dict[str, str]:
    """The settings of one installation, fresh keys among them."""
    return clean_environment() | {
        "LEDGERHOOK_DATABASE_URL": places.database_url,
        "LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS": places.bootstrap,
        "LEDGERHOOK_KAFKA_IDEMPOTENCE": "true" if places.idempotent else "false",
        "LEDGERHOOK_RUTTER_BASE_URL": f"{sandbox.url}/versioned",
        "LEDGERHOOK_RUTTER_CLIENT_ID": CREDENTIALS[0],
        "LEDGERHOOK_RUTTER_CLIENT_SECRET": CREDENTIALS[1],
        "LEDGERHOOK_ENCRYPTION_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "LEDGERHOOK_ADMIN_TOKEN": admin_token,
        "LEDGERHOOK_LOG_FORMAT": "json",
    }
