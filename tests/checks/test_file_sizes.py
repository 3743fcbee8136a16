"""A Python file over 300 lines is caught, tracked or not."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("ignored/\n")
    return tmp_path


def file_sizes(directory: Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, str(CHECKOUT / "tools" / "file_sizes.py")],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_300_lines_pass(repository: Path) -> None:
    (repository / "long.py").write_text("X = 1\n" * 300)
    assert file_sizes(repository) == (0, "")


def test_301_lines_are_caught(repository: Path) -> None:
    (repository / "long.py").write_text("X = 1\n" * 301)
    assert file_sizes(repository) == (1, "long.py: 301 lines, over 300; split it by what it says\n")


def test_tracked_files_are_read_too(repository: Path) -> None:
    (repository / "long.py").write_text("X = 1\n" * 301)
    subprocess.run(["git", "add", "long.py"], cwd=repository, check=True)
    assert file_sizes(repository)[0] == 1


def test_what_git_ignores_is_not_ours(repository: Path) -> None:
    (repository / "ignored").mkdir()
    (repository / "ignored" / "long.py").write_text("X = 1\n" * 301)
    assert file_sizes(repository) == (0, "")
