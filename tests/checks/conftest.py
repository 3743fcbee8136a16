"""A copy of the shipped rooms, so that a violation can be planted where the real tree stays clean."""

import shutil
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ROOMS = ("schemas", "handlers", "consumers", "service", "sandbox")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The five packages and what their checks and their build read, in a directory of the test's own."""
    copy = tmp_path / "tree"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, copy / name)
    for room in ROOMS:
        shutil.copytree(CHECKOUT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    return copy
