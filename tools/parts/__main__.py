"""`python -m tools.parts up`: a broker and PostgreSQL until SIGTERM or Ctrl-C, their addresses printed.

`keep` is what `tools/parts/shared.py` starts; it is not for people.
"""

import argparse
import signal
import sys
from pathlib import Path

from tools.parts.broker import kafka_protocol_broker
from tools.parts.postgres_databases import postgresql
from tools.parts.shared import keep
from tools.parts.signals import end_in_good_order
from tools.parts.unavailable import PartUnavailableError


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.parts", description="Real parts for development")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start a broker and PostgreSQL with fresh data until SIGTERM")
    up.add_argument("--durable", action="store_true", help="PostgreSQL's commits wait for the disk")
    kept = commands.add_parser("keep", help="keep one part for a test run")
    kept.add_argument("part", choices=["kafka", "postgres"])
    kept.add_argument("directory", type=Path)
    asked = parser.parse_args()
    end_in_good_order()
    try:
        if asked.command == "keep":
            keep(asked.part, asked.directory)
            return 0
        with kafka_protocol_broker() as broker, postgresql(durable=asked.durable) as database:
            print(f"{broker.name}: {broker.bootstrap}\nPostgreSQL: {database}", flush=True)
            while True:
                signal.pause()
    except PartUnavailableError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
