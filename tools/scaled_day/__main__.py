"""`python -m tools.scaled_day [--seed N] [--json]`: exit code 0 when the books are right and the takeover was seen."""

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sandbox.day.generate import SMALLEST
from tools.parts.broker import choose, kafka_protocol_broker
from tools.parts.postgres_databases import fresh_database, postgresql
from tools.parts.room import temporary_directory
from tools.parts.signals import end_in_good_order
from tools.parts.unavailable import PartUnavailableError
from tools.scaled_day.installation import NotAtRestError, Places
from tools.scaled_day.processes import CommandFailedError
from tools.scaled_day.report import as_json, table
from tools.scaled_day.run import run
from tools.scaled_day.takeover import NotSeenError

FAILURES = (CommandFailedError, NotAtRestError, NotSeenError)


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.scaled_day", description="A day through Kafka and PostgreSQL, with a worker killed"
    )
    parser.add_argument("--seed", type=int, default=7, help="the day's seed (7)")
    parser.add_argument("--orders", type=int, default=220, help=f"about how many orders, at least {SMALLEST} (220)")
    parser.add_argument("--json", action="store_true", help="for programs: one JSON document on standard output")
    parser.add_argument("--keep", type=Path, help="keep the processes' logs in this new directory")
    asked = parser.parse_args()
    end_in_good_order()
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:7.1f} s  {line}", file=sys.stderr, flush=True)

    try:
        say(f"starting a broker ({choose().why}) and PostgreSQL")
        with (
            kafka_protocol_broker() as broker,
            postgresql() as server,
            fresh_database(server) as url,
            temporary_directory("scaled-day") as room,
        ):
            if asked.keep is not None:
                asked.keep.mkdir(parents=True)
            places = Places(broker.name, broker.bootstrap, broker.idempotent, url)
            day = run(
                places,
                asked.keep.resolve() if asked.keep else room,
                seed=asked.seed,
                now=datetime.now(UTC).replace(microsecond=0),
                orders=asked.orders,
                say=say,
            )
            done = asyncio.run(day)
            if asked.json:
                print(as_json(done))
            else:
                table(done)
            return 1 if done.problems else 0
    except* (PartUnavailableError, *FAILURES) as group:
        for error in group.exceptions:
            print(f"FAILED: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
