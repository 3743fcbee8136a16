"""`python -m tools.month --platform XERO --events 5000 --seed 7`: exit code 0 when nothing differs."""

import argparse
import asyncio
import json
import sys
import time
from typing import get_args

from sandbox.month.generate import FEATURES, generate
from sandbox.month.merchant import PLATFORMS, Policy, merchant
from service.cli.starting import loop_factory
from service.logs import set_up_logs
from tools.month.files import serving_files
from tools.month.report import SHOWN, as_object, is_good, show
from tools.month.run import Result, Say, play


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.month", description="A month of mixed events on one platform, audited"
    )
    parser.add_argument("--platform", choices=[*PLATFORMS, "all"], default="QUICKBOOKS")
    parser.add_argument("--events", type=int, default=1000, help="about how many facts (1000)")
    parser.add_argument("--seed", type=int, default=7, help="another seed is another month (7)")
    parser.add_argument("--without", default="", help=f"features left out, with commas: {', '.join(FEATURES)}")
    parser.add_argument("--only", default="", help="these features alone")
    parser.add_argument("--closed", choices=get_args(Policy), help="what becomes of what is dated in closed books")
    parser.add_argument("--open", action="store_true", help="the books are not closed in the middle of the month")
    parser.add_argument("--most", type=int, default=SHOWN, help="differences of a kind that are shown")
    parser.add_argument("--json", action="store_true", help="for programs")
    asked = parser.parse_args()
    set_up_logs("json", "error")
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:7.1f} s  {line}", file=sys.stderr, flush=True)

    good = True
    for platform in PLATFORMS if asked.platform == "all" else (asked.platform,):
        result = _run(asked, platform, say)
        good = good and is_good(result)
        if asked.json:
            print(json.dumps(as_object(result), indent=2, default=str))
        else:
            show(result, asked.most)
    return 0 if good else 1


def _run(asked: argparse.Namespace, platform: str, say: Say) -> Result:
    with serving_files() as host, asyncio.Runner(loop_factory=loop_factory()) as runner:
        month = generate(
            asked.seed,
            merchant(platform, asked.closed),
            asked.events,
            only=_names(asked.only),
            without=_names(asked.without),
            files_at=f"http://{host}",
        )
        say(f"{platform}: {month.count} facts")
        return runner.run(play(month, say, closing=not asked.open, files_host=host))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


if __name__ == "__main__":
    sys.exit(main())
