"""What `ledgerhook apply` is given: the day's configuration, and in the evening the mapping that was missing."""

from pathlib import Path

from sandbox.day.day import Day
from service.cli.demonstration.stage import Stage, connection_toml
from tools.scaled_day.processes import Programs


async def apply_stage(programs: Programs, stage: Stage, name: str = "day.toml") -> None:
    """Declare connections, sources and mappings; their secrets come from the environment."""
    await _apply(programs, programs.room / name, stage.configuration, stage)


async def apply_late(programs: Programs, day: Day, stage: Stage, name: str = "evening.toml") -> None:
    """Declare the connections again that get a mapping late."""
    needs = [need for need in day.connections if any(one.connection == need.alias for one in day.late_mappings)]
    parts = [
        connection_toml(
            need,
            stage.companies[need.alias],
            f"DEMO_{need.alias.upper()}_TOKEN",
            [one for one in day.late_mappings if one.connection == need.alias],
        )
        for need in needs
    ]
    await _apply(programs, programs.room / name, "\n".join(parts), stage)


async def _apply(programs: Programs, file: Path, text: str, stage: Stage) -> None:
    file.write_text(text, "utf-8")
    await programs.command("apply", str(file), environment=stage.environment)
