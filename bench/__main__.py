"""`python -m bench`: run the benches, print one table, write `bench/results.json` and `docs/performance.md`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench import fairness, inbox, intake, latency, machine, page, posting, results
from bench.figures import Figure
from bench.parts import Parts
from bench.programs import ProgramError
from bench.scale import FULL, TINY, Scale
from bench.table import table
from tools.parts.signals import end_in_good_order
from tools.parts.unavailable import PartUnavailableError

NAMES: Final = ("intake", "inbox", "posting", "latency", "fairness")
Step = Callable[[str], None]


def main() -> int:
    """Run the command line; return the exit code. A goal that is not met is told, and is no failure of the run."""
    asked = _arguments().parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    if asked.page:
        page.write(*results.read(results.RESULTS))
        return 0
    end_in_good_order()
    began = time.monotonic()
    try:
        facts, figures = run(asked.only, TINY if asked.tiny else FULL, console)
    except (PartUnavailableError, ProgramError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    console.print()
    console.print(table(figures))
    console.print(f"\nloads {facts['load_average_before']} before, {facts['load_average_after']} after; "
                  f"{time.monotonic() - began:.0f} s", style="dim")  # fmt: skip
    whole = set(asked.only) == set(NAMES) and not asked.tiny
    out: Path | None = asked.out or (results.RESULTS if whole else None)
    if out is not None:
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        results.write(out, facts, figures, scale="tiny" if asked.tiny else "full", when=when)
        console.print(f"written: {out}", style="dim")
    if out == results.RESULTS:
        page.write(*results.read(out))
        console.print(f"written: {page.PAGE}", style="dim")
    return 0


def run(only: list[str], scale: Scale, console: Console) -> tuple[dict[str, object], list[Figure]]:
    """The facts of the machine, and a figure for each measure, in the table's order."""
    facts: dict[str, object] = machine.facts()
    figures: list[Figure] = []
    progress = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
    )
    with ExitStack() as ending, progress:
        shown = progress.add_task("starting", total=None)

        def step(what: str) -> None:
            progress.update(shown, description=what)
            if not console.is_terminal:
                console.print(what, style="dim")

        room = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="ledgerhook-bench-")))
        parts = Parts(ending, room)
        for one in _figures(parts, only, scale, step):
            figures.append(one)
            progress.console.print(f"  {one.what}: {one.judged:.2f} ({one.goal or 'reported'})", style="dim")
        facts |= parts.used
    facts["load_average_after"] = machine.load_average()
    return facts, figures


def _figures(parts: Parts, only: list[str], scale: Scale, step: Step) -> Iterator[Figure]:
    new_events: list[float] = []

    def inbox_rate() -> float:
        if not new_events:
            new_events.extend(one.measured for one in inbox.measure(parts, scale, step) if one.key == inbox.RATE)
        return new_events[0]

    if "intake" in only:
        yield from intake.measure(parts, scale, step)
    if "inbox" in only:
        for one in inbox.measure(parts, scale, step):
            if one.key == inbox.RATE:
                new_events.append(one.measured)
            yield one
    if "posting" in only:
        yield from posting.measure(parts, scale, step, inbox_rate)
    if "latency" in only:
        yield from latency.measure(parts, scale, step)
    if "fairness" in only:
        yield from fairness.measure(parts, scale, step)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), help="posting includes replay")
    parser.add_argument("--tiny", action="store_true", help="seconds, not minutes: shows that it runs, no figures")
    parser.add_argument("--out", type=Path, help="write the JSON there; a full run writes bench/results.json anyway")
    parser.add_argument("--page", action="store_true", help="only write docs/performance.md from bench/results.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
