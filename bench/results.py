"""`bench/results.json`: the last full run, which `docs/performance.md` cites."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure, Goal

RESULTS: Final = Path(__file__).with_name("results.json")


def write(path: Path, machine: Mapping[str, Any], figures: Sequence[Figure], *, scale: str, when: str) -> None:
    """Write one run."""
    run = {
        "when": when,
        "scale": scale,
        "machine": dict(machine),
        "figures": [one.as_json() for one in figures],
    }
    path.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(path: Path) -> tuple[dict[str, Any], list[Figure]]:
    """The run's facts, and its figures."""
    run: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return run, [_figure(one) for one in run["figures"]]


def _figure(told: dict[str, Any]) -> Figure:
    plain = {name: value for name, value in told.items() if name not in ("met", "margin")}
    goal = plain.pop("goal")
    rounds = tuple(plain.pop("rounds"))
    return Figure(**plain, rounds=rounds, goal=None if goal is None else Goal(**goal))
