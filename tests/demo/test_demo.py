"""The demo through its real entry point: the books are right, and a planted error makes it fail."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).parent / "ledgerhook"


def demo(*options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one object of `--json`; the smallest day."""
    ended = subprocess.run(
        [PROGRAM, "demo", "--orders", "120", "--json", *options],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return ended.returncode, json.loads(ended.stdout)


def test_the_day_ends_with_books_that_are_right() -> None:
    code, said = demo("--seed", "3")
    assert code == 0
    assert said["ok"] is True
    assert (said["missing"], said["doubled"], said["different"], said["unexpected"]) == (0, 0, 0, 0)
    kinds = ("invoices", "invoice_payments", "credit_memos", "credit_applications", "customer_refunds")
    assert sum(said[kind] for kind in kinds) == said["expected"] > 250
    assert all(said[kind] > 0 for kind in kinds)
    assert said["deliveries"] > said["events"] > said["orders"] >= 120
    assert said["duplicates_dropped"] > 0
    assert said["rejected"] > 0
    assert said["parked"] > 0
    assert said["released"] == said["parked"]
    assert {"USD", "EUR", "JPY", "KWD"} <= set(said["tie_out"])
    assert all(tie["source"] == tie["books"] and tie["difference"] == 0 for tie in said["tie_out"].values())
    assert said["seconds"] > 0


@pytest.mark.parametrize(("planted", "found"), [("double", "doubled"), ("loss", "missing"), ("cent", "different")])
def test_a_planted_error_is_found(planted: str, found: str) -> None:
    code, said = demo("--plant", planted)
    assert code == 1
    assert said["ok"] is False
    assert said[found] > 0
    assert {name for name in ("missing", "doubled", "different", "unexpected") if said[name]} == {found}


def test_an_error_that_cannot_be_planted_is_told() -> None:
    ended = subprocess.run(
        [PROGRAM, "demo", "--plant", "fire"], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "one of double, loss, cent" in ended.stderr
