"""Every bench runs at a tiny size and says what it measured. Never how fast: that is for `make bench` to tell."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import page, results
from bench.figures import Goal, against_ceiling, percentile
from tools.parts import report

CHECKOUT = Path(__file__).parents[2]
KEYS = {
    "intake": {
        f"intake.{way}.{measure}" for way in ("embedded", "kafka") for measure in ("cpu", "orders", "rate", "p99")
    },
    "inbox": {"inbox.postgresql", "inbox.sqlite"},
    "posting": {"posting.rate", "replay.rate"},
    "fairness": {"fairness.own", "fairness.other"},
    "latency": {f"latency.{way}.{share}" for way in ("embedded", "kafka") for share in ("p50", "p99")},
}


@pytest.mark.parametrize("name", sorted(KEYS))
def test_it_runs_and_says_what_it_measured(name: str, tmp_path: Path) -> None:
    for lack in (report.broker_lack(), report.postgres_lack()):
        if lack is not None:
            pytest.skip(lack)
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--tiny", "--only", name, "--out", str(out)]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    told: dict[str, Any] = json.loads(out.read_text())
    assert told["scale"] == "tiny"
    assert {"cpu", "cores", "python", "load_average_before", "load_average_after"} <= told["machine"].keys()
    assert KEYS[name] <= {one["key"] for one in told["figures"]}
    for one in told["figures"]:
        assert one["measured"] > 0
        assert (one["ratio"] is None) == (one["ceiling"] is None)
        assert one["met"] in (True, False, None)
        assert one["rounds"]


def test_goals_are_bounds() -> None:
    assert Goal(sense="at most", bound=4).met(4.0)
    assert not Goal(sense="at most", bound=4).met(4.1)
    assert Goal(sense="at least", bound=0.2).met(0.2)
    assert not Goal(sense="at least", bound=0.2).met(0.19)
    assert Goal(sense="at most", bound=4).margin(3) == 0.25
    assert Goal(sense="at least", bound=2).margin(1) == -0.5


def test_a_figure_is_the_median_of_its_rounds_ratios() -> None:
    rounds = [(10.0, 20.0), (30.0, 10.0), (12.0, 12.0)]
    figure = against_ceiling("intake.x", "x", "ms", rounds, Goal(sense="at most", bound=2))
    assert (figure.bench, figure.measured, figure.ceiling, figure.ratio) == ("intake", 12.0, 12.0, 1.0)
    assert figure.rounds == (0.5, 3.0, 1.0)
    assert figure.met


def test_percentiles() -> None:
    assert percentile([5.0, 1.0, 3.0, 2.0, 4.0], 0.5) == 3.0
    assert percentile([5.0, 1.0], 0.99) == 5.0


def test_the_page_is_what_the_last_run_gives() -> None:
    run, figures = results.read(results.RESULTS)
    assert run["scale"] == "full"
    assert page.PAGE.read_text("utf-8") == page.page(run, figures)
