"""`python -m bench.load`: takes plans as JSON lines; `ready` when all is signed; begins at `go`; tells what came."""

import asyncio
import gc
import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any

import uvloop

from bench.figures import percentile
from bench.load.connections import Target, as_fast_as_answered, at_a_rate
from bench.webhooks import FIRST, Kind, request


def main() -> None:
    """One plan after the other, until the input ends."""
    gc.disable()
    signed: dict[str, list[bytes]] = {}
    used = 0
    for line in sys.stdin:
        plan: dict[str, Any] = json.loads(line)
        kind: Kind = plan["kind"]
        count: int = plan["count"]
        if plan["repeat"]:
            if len(signed.setdefault(kind, [])) < count:
                signed[kind] = [request(kind, FIRST + number) for number in range(count)]
            requests: Iterator[bytes] = itertools.cycle(signed[kind])
        else:
            requests = iter([request(kind, FIRST + used + number) for number in range(count)])
            used += count
        _say({"ready": True})
        if sys.stdin.readline().strip() != "go":
            return
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            told = runner.run(_run(plan, requests))
        _say(told)
        gc.collect()


async def _run(plan: dict[str, Any], requests: Iterator[bytes]) -> dict[str, Any]:
    target = Target(**plan["target"])
    rate = plan["rate"]
    tally, seconds = await (
        as_fast_as_answered(target, requests) if rate is None else at_a_rate(target, requests, rate)
    )
    return {
        "statuses": dict(tally.statuses),
        "seconds": seconds,
        "p50": percentile(tally.latencies, 0.50),
        "p99": percentile(tally.latencies, 0.99),
    }


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
