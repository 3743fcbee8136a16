"""What people see: tables that line up, colours that mean something, and the same as JSON for programs.

Green is done, yellow waits by itself, red waits for a person; nothing else is coloured.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

GREEN: Final = "green"
YELLOW: Final = "yellow"
RED: Final = "red"

_PIPED: Final = 200
"""Columns where nobody said how many there are: a file or a pipe should not get tables folded for an old terminal."""


def _width(is_terminal: bool) -> int | None:
    return None if is_terminal or "COLUMNS" in os.environ else _PIPED


OUT: Final = Console(highlight=False, width=_width(sys.stdout.isatty()))
ERR: Final = Console(stderr=True, highlight=False, width=_width(sys.stderr.isatty()))


def line(*parts: str | Text | tuple[str, str], style: str = "") -> None:
    """One line on standard output, however long: the terminal folds it, a pipe gets it whole."""
    OUT.print(Text.assemble(*parts, style=style), soft_wrap=True)


def fail(what: str, *more: str) -> NoReturn:
    """End with exit code 1, after one line that says what is wrong and how to mend it (and a line for each other)."""
    for one in (what, *more):
        ERR.print(Text(one, style=RED), soft_wrap=True)
    raise typer.Exit(1)


def as_json(value: Any) -> None:  # noqa: ANN401 - whatever a command shows
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, empty: str) -> None:
    """A table; columns whose name ends in `#` are numbers and line up to the right."""
    if not rows:
        OUT.print(Text(empty, style="dim"))
        return
    if title:
        OUT.print(Text(title, style="bold"))
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        right = column.endswith("#")
        shown.add_column(column.removesuffix("#"), justify="right" if right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(cell if isinstance(cell, Text) else Text("" if cell is None else str(cell)) for cell in row))
    OUT.print(shown)


def state(text: str) -> Text:
    """A state in the colour of what it asks of people."""
    colours: Mapping[str, str] = {
        "ready": GREEN, "posted": GREEN, "done": GREEN, "written": GREEN, "told": GREEN,
        "held": YELLOW, "due": YELLOW, "waiting": YELLOW, "sent": YELLOW, "in_doubt": YELLOW, "intended": YELLOW,
        "parked": RED, "refused": RED, "different": RED, "disabled": RED, "needs_update": RED, "paused": RED,
        "unreadable": RED,
    }  # fmt: skip
    return Text(text.replace("_", " "), style=colours.get(text, ""))


def when(moment: datetime | None) -> str:
    """A time in the reader's zone, to the second."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in the largest unit that says something."""
    if moment is None:
        return "never"
    seconds = int(((now or datetime.now(UTC)) - moment).total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{max(seconds, 0)} s ago"
