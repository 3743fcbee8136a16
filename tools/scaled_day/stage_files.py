"""What `ledgerhook apply` is given: the day's configuration, without or with the mappings that come in the evening."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from sandbox.day.day import Day
from service.cli.demonstration.stage import Stage, connection_toml
from tools.scaled_day.processes import Programs


async def apply_stage(programs: Programs, stage: Stage) -> None:
    """Declare connections, sources and mappings; their secrets come from the environment."""
    await _apply(programs, programs.room / "day.toml", stage.configuration, stage)


async def apply_late(programs: Programs, day: Day, stage: Stage) -> None:
    """Declare the connections again that get a mapping late, with it."""
    late = {one.connection for one in day.late_mappings}
    await _apply(programs, programs.room / "evening.toml", _connections(day, stage, late), stage)


def _connections(day: Day, stage: Stage, aliases: Collection[str]) -> str:
    return "\n".join(
        connection_toml(
            need,
            stage.companies[need.alias],
            f"DEMO_{need.alias.upper()}_TOKEN",
            [one for one in day.late_mappings if one.connection == need.alias],
        )
        for need in day.connections
        if need.alias in aliases
    )


async def _apply(programs: Programs, file: Path, text: str, stage: Stage) -> None:
    await asyncio.to_thread(file.write_text, text, "utf-8")
    await programs.command("apply", str(file), environment=stage.environment)
