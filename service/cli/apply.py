"""`ledgerhook apply`: declare connections, sources and mappings from a file, saying what changed."""

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from service.cli.opening import AsJson, DataDir, visit
from service.cli.show import GREEN, OUT, YELLOW, as_json, fail
from service.configuration.declaring import Applied, declare, mismatches
from service.configuration.file import Declarations, Secrets, WrongFile, read_file
from service.trail.database import Trail


def run(
    file: Annotated[Path, typer.Argument(help="The TOML file; `ledgerhook init` writes one to start from.")],
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Declare all of it or, when anything is wrong, nothing."""
    wanted = declarations_or_fail(file)

    async def apply(trail: Trail) -> Applied:
        try:
            return await trail.run(lambda c: declare(c, trail.keys, wanted, datetime.now(UTC)))
        except Exception as error:
            lines = mismatches(error)
            if lines is None:
                raise
            fail(lines[0], *lines[1:])

    show(visit(data_dir, apply), json=json)


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


def show(applied: Applied, *, json: bool) -> None:
    """What was created, what changed field by field, what stood so before."""
    if json:
        as_json([asdict(one) for one in applied.declared])
        return
    for one in applied.declared:
        if one.created:
            OUT.print(Text.assemble(("created   ", GREEN), f"{one.what} {one.name}"))
        elif one.changes:
            OUT.print(Text.assemble(("changed   ", YELLOW), f"{one.what} {one.name}"))
            for change in one.changes:
                told = (
                    "changed" if change.before is None and change.after is None else f"{change.before} → {change.after}"
                )
                OUT.print(Text(f"            {change.field}: {told}", style="dim"))
        else:
            OUT.print(Text.assemble(("unchanged ", "dim"), f"{one.what} {one.name}"))
