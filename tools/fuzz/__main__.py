"""`python -m tools.fuzz`: harmed deliveries by the million, each of which must have one answer in bounded time.

An escape is an exception, an answer of no known kind, an event that does not survive being written and read, or an
answer that took longer than the bound. It is kept in a file with what led to it, and the run fails.
"""

import argparse
import json
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final, get_args

from handlers.explaining import answer, made_up_source
from handlers.registry import explain_translate, read
from schemas.deliveries import Delivery, Refused, Told, Translation
from schemas.events import event_bytes, parse_event
from schemas.sources import KINDS
from tools.fuzz.corpus import Seed, corpus
from tools.fuzz.mutations import mutated, mutated_headers

SLOWEST: Final = 2.0
"""Seconds that one answer may take; a body is at most 2 MiB, a mutated one a few thousand bytes."""
_NOW: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
_ANSWERS: Final = (*get_args(Translation), Refused)
_STEP: Final = 20_000


def main() -> None:
    """Run, print a table, exit 1 on an escape."""
    asked = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    asked.add_argument("--inputs", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--samples", type=Path, help="a folder of vendor samples to start from as well")
    asked.add_argument("--escapes", type=Path, default=Path("escapes"), help="where inputs that escaped are kept")
    options = asked.parse_args()
    seeds = corpus(options.samples)
    begun = time.monotonic()
    counts: Counter[tuple[str, str]] = Counter()
    escapes: list[dict[str, Any]] = []
    slowest, done = 0.0, 0
    steps = [(seeds, options.seed + step, min(_STEP, options.inputs - at))
             for step, at in enumerate(range(0, options.inputs, _STEP))]  # fmt: skip
    with multiprocessing.Pool(options.processes) as pool:
        for part, found, slow in pool.imap_unordered(_run, steps):
            counts += part
            escapes += found
            _keep(found, options.escapes)
            slowest, done = max(slowest, slow), done + part.total()
            rate = done / (time.monotonic() - begun)
            print(
                f"\r{done:,} of {options.inputs:,}, {rate:,.0f} a second, {len(escapes)} escaped ",
                end="",
                file=sys.stderr,
            )
    print(file=sys.stderr)
    _print(counts, slowest, time.monotonic() - begun)
    print(f"escaped: {len(escapes)}" + (f", kept in {options.escapes}/" if escapes else ""))
    sys.exit(1 if escapes else 0)


def _keep(found: list[dict[str, Any]], where: Path) -> None:
    """At once, so that a run cut short keeps what it found."""
    for one in found:
        where.mkdir(parents=True, exist_ok=True)
        (where / f"{one['seed']}-{one['number']}.json").write_text(json.dumps(one, indent=1))


def _run(step: tuple[list[Seed], int, int]) -> tuple[Counter[tuple[str, str]], list[dict[str, Any]], float]:
    seeds, seed, count = step
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    by_kind = [[one for one in seeds if one.kind == kind] for kind in KINDS]
    counts: Counter[tuple[str, str]] = Counter()
    escapes: list[dict[str, Any]] = []
    slowest = 0.0
    for number in range(count):
        start = chance.choice(chance.choice(by_kind))
        harmed = Seed(start.kind, mutated_headers(start.headers, chance), mutated(start.body, chance))
        at = time.perf_counter()
        try:
            said = _answered(harmed, chance)
        except Exception:  # noqa: BLE001 - that is what is looked for
            said = "escaped"
            escapes.append({"kind": harmed.kind, "seed": seed, "number": number, "headers": harmed.headers,
                            "body": harmed.body.decode("latin-1"), "trace": traceback.format_exc()})  # fmt: skip
        slowest = max(slowest, time.perf_counter() - at)
        counts[harmed.kind, said] += 1
    return counts, escapes, slowest


def _answered(harmed: Seed, chance: Random) -> str:
    delivery = Delivery(id="d", source="s", received_at=_NOW, headers=harmed.headers, body=harmed.body)
    begun = time.perf_counter()
    source = made_up_source(harmed.body, harmed.kind, harmed.headers)
    said = read(delivery, source, _NOW) if chance.random() < 0.1 else explain_translate(delivery, source)
    if time.perf_counter() - begun > SLOWEST:
        raise TimeoutError(f"took {time.perf_counter() - begun:.1f} s")
    if not isinstance(said, _ANSWERS):
        raise TypeError(f"an answer of type {type(said).__name__}")
    if not isinstance(said, Refused):
        json.dumps(answer(said))
    if isinstance(said, Told):
        for event in said.events:
            if parse_event(event_bytes(event)) != event:
                raise ValueError(f"{event.key} does not survive being written")
    return type(said).__name__


def _print(counts: Counter[tuple[str, str]], slowest: float, seconds: float) -> None:
    kinds, answers = sorted({kind for kind, _ in counts}), sorted({said for _, said in counts})
    print(f"{'':18}" + "".join(f"{said:>16}" for said in answers))
    for kind in kinds:
        print(f"{kind:18}" + "".join(f"{counts[kind, said]:>16,}" for said in answers))
    print(f"{counts.total():,} inputs in {seconds:,.0f} s; the slowest took {slowest * 1000:,.0f} ms")


if __name__ == "__main__":
    main()
