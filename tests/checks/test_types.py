"""mypy is strict, and sees what a looser one lets pass."""

import subprocess
import sys
from pathlib import Path

import pytest

CLEAN = "def total(lines: list[int]) -> int:\n    return sum(lines)\n"
UNTYPED = "def total(lines):\n    return sum(lines)\n"
HALF_MATCHED = """from typing import Literal


def sign(kind: Literal["in", "out"]) -> int:
    match kind:
        case "in":
            return 1
    return 0
"""


def mypy(tree: Path, source: str) -> tuple[int, str]:
    (tree / "schemas" / "planted.py").write_text(source)
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tree / "cache"), "schemas/planted.py"]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def test_a_typed_function_passes(tree: Path) -> None:
    code, said = mypy(tree, CLEAN)
    assert code == 0, said


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (UNTYPED, "Function is missing a type annotation  [no-untyped-def]"),
        (HALF_MATCHED, "[exhaustive-match]"),
    ],
)
def test_a_planted_one_is_caught(tree: Path, source: str, told: str) -> None:
    code, said = mypy(tree, source)
    assert code == 1, said
    assert told in said
