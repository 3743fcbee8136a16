"""`python -m tools.matrix [--write]`: the table of five steps by eight platforms; exit code 0 when all is proven."""

import argparse
import asyncio
import sys
from pathlib import Path

from sandbox.month.merchant import PLATFORMS
from service.cli.starting import loop_factory
from service.logs import set_up_logs
from tools.matrix.cells import Cell, prove
from tools.matrix.page import page
from tools.month.report import line

PAGE = Path("docs/workflow.md")


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix", description="The five steps by eight platforms")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    parser.add_argument("--platform", choices=PLATFORMS, help="this one alone")
    asked = parser.parse_args()
    set_up_logs("json", "error")
    cells: dict[str, tuple[Cell, ...]] = {}
    good = True
    for name in (asked.platform,) if asked.platform else PLATFORMS:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            result, cells[name] = runner.run(prove(name))
        for gap in result.audit.gaps:
            print(f"{name}: {gap.where}: {line(gap, result)}", file=sys.stderr)
        wrong = [one.row.title for one in cells[name] if not one.proven]
        print(f"{name}: {'proven' if not wrong else 'NOT: ' + ', '.join(wrong)}", file=sys.stderr, flush=True)
        good = good and not wrong and result.audit.is_clean
    text = page(cells)
    print(text)
    if asked.write:
        PAGE.write_text(text, "utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
