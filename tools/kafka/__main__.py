"""`python -m tools.kafka up [--nodes N]`: print the bootstrap servers, run until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys

from tools.kafka.cluster import apache_kafka
from tools.kafka.jars import class_path, jar_directory
from tools.parts.signals import end_in_good_order
from tools.parts.unavailable import PartUnavailableError


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.kafka", description="Apache Kafka for development")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start Apache Kafka with fresh data until SIGTERM")
    up.add_argument("--nodes", type=int, default=1, help="brokers, each a controller too (default 1)")
    up.add_argument("--warm", action="store_true", help="compile fully: slower up, faster later (benches)")
    commands.add_parser("fetch", help="only put the jars into the cache")
    asked = parser.parse_args()
    end_in_good_order()
    try:
        if asked.command == "fetch":
            class_path()
            print(jar_directory())
            return 0
        with apache_kafka(nodes=asked.nodes, quick_start=not asked.warm) as broker:
            print(broker.bootstrap, flush=True)
            while True:
                signal.pause()
    except PartUnavailableError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
