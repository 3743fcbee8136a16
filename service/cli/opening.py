"""What most commands begin with: settings from the environment, the installation, a look into its trail.

The database and the settings are imported when a command asks for them: `explain` and `--help` need neither.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from service.cli.show import fail

if TYPE_CHECKING:
    from service.installation import Installation
    from service.settings import Settings
    from service.trail.database import Trail

T = TypeVar("T")

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where the embedded trail is kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON document instead of a table.")]


def settings_or_fail(**overrides: object) -> "Settings":
    """The settings; ends the command with one line a wrong one. `overrides` that are None are left out."""
    from service.settings import WrongSettings, read_settings  # noqa: PLC0415 - see the module's docstring

    read = read_settings(os.environ)
    if isinstance(read, WrongSettings):
        fail(read.lines[0], *read.lines[1:])
    given = {name: value for name, value in overrides.items() if value is not None}
    return read.model_copy(update=given) if given else read


def installation_or_fail(settings: "Settings", *, create: bool = False) -> "Installation":
    """The installation; ends the command with one line when something is missing."""
    from service.installation import Incomplete, installation  # noqa: PLC0415 - see the module's docstring

    found = installation(settings, create=create)
    if isinstance(found, Incomplete):
        fail(found.line)
    return found


def visit(data_dir: Path | None, look: "Callable[[Trail], Awaitable[T]]") -> T:
    """Run `look` with the trail open beside the service that owns it."""
    here = installation_or_fail(settings_or_fail(data_dir=data_dir))

    async def visiting() -> T:
        trail = visited(here)
        try:
            return await look(trail)
        finally:
            await trail.close()

    return asyncio.run(visiting())


def visited(here: "Installation") -> "Trail":
    """The trail of an installation, opened beside its owner; ends the command with one line when it cannot be."""
    from service.clock import SystemClock  # noqa: PLC0415 - see the module's docstring
    from service.trail.database import TrailUnavailableError, open_trail  # noqa: PLC0415 - see the module's docstring

    try:
        return open_trail(here.trail, here.keys, SystemClock(), visitor=True)
    except TrailUnavailableError as error:
        fail(str(error))
