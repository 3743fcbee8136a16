"""The figures as one table: numbers line up, colours say whether a goal is met."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from bench.figures import Figure


def table(figures: Sequence[Figure]) -> Table:
    """One line a figure."""
    shown = Table(title="Ledgerhook's benches", title_justify="left", title_style="bold", box=None, header_style="dim")
    for name in ("bench", "what"):
        shown.add_column(name)
    for name in ("measured", "ceiling", "ratio", "goal", ""):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("note", style="dim")
    before = ""
    for one in figures:
        shown.add_row(
            "" if one.bench == before else one.bench,
            one.what,
            f"{number(one.measured)} {one.unit}",
            "" if one.ceiling is None else f"{number(one.ceiling)} {one.unit}",
            "" if one.ratio is None else Text(f"{one.ratio:.2f}", style=_colour(one.met)),
            "" if one.goal is None else str(one.goal),
            Text(verdict(one), style=_colour(one.met)),
            one.note,
        )
        before = one.bench
    return shown


def verdict(one: Figure) -> str:
    """In a word."""
    return {True: "met", False: "not met", None: ""}[one.met]


def number(value: float) -> str:
    """Three digits that mean something, thousands apart."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _colour(met: bool | None) -> str:
    return {True: "green", False: "red", None: ""}[met]
