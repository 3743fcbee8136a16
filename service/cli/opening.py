"""What most commands begin with: settings from the environment, the installation, a look into its trail."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from service.cli.show import fail
from service.clock import SystemClock
from service.installation import Incomplete, Installation, installation
from service.settings import Settings, WrongSettings, read_settings
from service.trail.database import Trail, TrailUnavailableError, open_trail

T = TypeVar("T")

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where the embedded trail is kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON document instead of a table.")]


def settings_or_fail(**overrides: object) -> Settings:
    """The settings; ends the command with one line a wrong one. `overrides` that are None are left out."""
    read = read_settings(os.environ)
    if isinstance(read, WrongSettings):
        fail(read.lines[0], *read.lines[1:])
    given = {name: value for name, value in overrides.items() if value is not None}
    return read.model_copy(update=given) if given else read


def installation_or_fail(settings: Settings, *, create: bool = False) -> Installation:
    """The installation; ends the command with one line when something is missing."""
    found = installation(settings, create=create)
    if isinstance(found, Incomplete):
        fail(found.line)
    return found


def visit(data_dir: Path | None, look: Callable[[Trail], Awaitable[T]]) -> T:
    """Run `look` with the trail open beside the service that owns it."""
    here = installation_or_fail(settings_or_fail(data_dir=data_dir))

    async def visiting() -> T:
        try:
            trail = open_trail(here.trail, here.keys, SystemClock(), visitor=True)
        except TrailUnavailableError as error:
            fail(str(error))
        try:
            return await look(trail)
        finally:
            await trail.close()

    return asyncio.run(visiting())
