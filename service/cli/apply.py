"""`ledgerhook apply`: declare connections, sources and mappings from a file, saying what changed."""

import os
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from service.cli.opening import AsJson, DataDir, settings_or_fail, visit
from service.cli.show import ERR, GREEN, OUT, YELLOW, as_json, fail
from service.configuration.curing import Cured, cure
from service.configuration.declaring import Applied, declare, mismatches
from service.configuration.file import Declarations, Secrets, WrongFile, read_file
from service.configuration.reading_lists import refresh_named
from service.running import rutter_settings
from service.trail.database import Trail


def run(
    file: Annotated[Path, typer.Argument(help="The TOML file; `ledgerhook init` writes one to start from.")],
    let_go: Annotated[
        bool, typer.Option("--release", help="Then release what is parked for want of a mapping.")
    ] = False,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Declare all of it or, when anything is wrong, nothing. Names are compared with the books where Rutter answers."""
    wanted = declarations_or_fail(file)
    rutter = rutter_settings(settings_or_fail())

    async def apply(trail: Trail) -> tuple[Applied, Cured]:
        for told in await refresh_named(trail, rutter, wanted.connections):
            ERR.print(Text(f"note: {told}", style=YELLOW), soft_wrap=True)
        return await declare_or_fail(trail, wanted, let_go=let_go)

    applied, cured = visit(data_dir, apply)
    show(applied, json=json, cured=cured)


async def declare_or_fail(
    trail: Trail, wanted: Declarations, *, let_go: bool, to_be_made: Collection[str] = ()
) -> tuple[Applied, Cured]:
    """Declare, and look what it may have cured; ends the command with a line a mistake."""
    try:
        applied = await trail.run(lambda c: declare(c, trail.keys, wanted, datetime.now(UTC), to_be_made))
    except Exception as error:
        lines = mismatches(error)
        if lines is None:
            raise
        fail(lines[0], *lines[1:])
    changed = frozenset(one.name for one in applied.declared if one.what == "connection" and one.changes)
    declared = frozenset(one.name for one in applied.declared if one.what == "connection")
    return applied, await cure(trail, declared if let_go else changed, datetime.now(UTC), let_go=let_go)


def declarations_or_fail(file: Path) -> Declarations:
    """What the file declares; ends the command with a line a mistake."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read ({type(error).__name__})")
    wanted = read_file(text, Secrets(os.environ))
    if isinstance(wanted, WrongFile):
        fail(f"{file}: {wanted.lines[0]}", *wanted.lines[1:])
    return wanted


def show(applied: Applied, *, json: bool, cured: Cured) -> None:
    """What was created, what changed field by field, what stood so before; then what it cured."""
    if json:
        told = [asdict(one) for one in applied.declared]
        as_json({"declared": told, "released": cured.count, "causes": cured.causes} if cured.released else told)
        return
    for one in applied.declared:
        if one.created:
            OUT.print(Text.assemble(("created   ", GREEN), f"{one.what} {one.name}"))
        elif one.changes:
            OUT.print(Text.assemble(("changed   ", YELLOW), f"{one.what} {one.name}"))
            for change in one.changes:
                is_secret = change.before is None and change.after is None
                moved = "changed" if is_secret else f"{change.before} → {change.after}"
                OUT.print(Text(f"            {change.field}: {moved}", style="dim"))
        else:
            OUT.print(Text.assemble(("unchanged ", "dim"), f"{one.what} {one.name}"))
    show_cured(cured)


def show_cured(cured: Cured) -> None:
    """How many were released, or could be."""
    if cured.released:
        OUT.print(
            Text.assemble(
                ("released  ", GREEN), f"{cured.count} {'event' if cured.count == 1 else 'events, oldest first'}"
            )
        )
    elif cured.count:
        said = f"{cured.count} parked events may be cured by this: `ledgerhook apply FILE --release` lets them go on"
        OUT.print(Text(said, style=YELLOW), soft_wrap=True)
