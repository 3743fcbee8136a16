"""docs/workflow.md: the table of the five steps, written from what was seen."""

from collections.abc import Mapping, Sequence
from typing import Final

from schemas.platforms.registry import platform
from tools.matrix.cells import Cell

_HEAD: Final = """\
# The five steps on each platform

Written by `python -m tools.matrix`; do not edit. A small month of orders, payments, refunds, credits and files went
through the service into the sandbox playing each platform; a cell says what was then in its books, read over HTTP.

| cell | means |
|---|---|
| works | it was in the books |
| none | the platform has none (sources below), and nothing failed for it: it is done another way or shown to a person |
| ?, tried | nobody says whether the platform has it: it is tried once, and the sandbox took it |
| ?, not sent | nobody says, and so it is left out |

"""


def page(cells: Mapping[str, Sequence[Cell]]) -> str:
    """The whole page; `cells` by platform, each with the same rows."""
    titles = {name: platform(name).title for name in cells}
    lines = ["| step | what | " + " | ".join(titles.values()) + " |", "|---|---|" + ":---:|" * len(titles)]
    step = ""
    for rows in zip(*cells.values(), strict=True):
        row = rows[0].row
        shown = row.step if row.step != step else ""
        lines.append(f"| {shown} | {row.title} | " + " | ".join(one.text for one in rows) + " |")
        step = row.step
    return _HEAD + "\n".join(lines) + "\n\n## What is not there, and where that is known from\n\n" + _sources(cells)


def _sources(cells: Mapping[str, Sequence[Cell]]) -> str:
    missing = [one for column in cells.values() for one in column if one.state == "none"]
    by_source: dict[tuple[str, str], list[str]] = {}
    for one in missing:
        by_source.setdefault((one.row.title, one.source), []).append(platform(one.platform).title)
    return "".join(f"- {title}: {', '.join(names)} ({source})\n" for (title, source), names in by_source.items())
