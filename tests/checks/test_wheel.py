"""The wheel ships the five rooms and nothing else, and works from another directory."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

UV = Path(sys.executable).with_name("uv")
ROOMS = {"schemas", "handlers", "consumers", "service", "sandbox"}
IMPORT_FROM = """
import importlib, sys
wheel = sys.argv[1]
sys.path.insert(0, wheel)
for room in ("schemas", "handlers", "consumers", "service", "sandbox"):
    found = importlib.import_module(room).__file__
    assert found.startswith(wheel), (room, found)
    print(room)
"""


@pytest.fixture
def wheel(tree: Path) -> Path:
    """The wheel, unpacked nowhere yet. uv carries the build backend, so nothing is fetched."""
    for stray in ("tests", "bench", "tools"):
        (tree / stray).mkdir()
        (tree / stray / "__init__.py").touch()
    run = subprocess.run(
        [str(UV), "build", "--wheel", "--offline", "--quiet", "--no-cache", "--out-dir", "out"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    [built] = (tree / "out").glob("*.whl")
    return built


def test_it_ships_the_five_rooms_and_their_files(wheel: Path, tree: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        shipped = {name for name in opened.namelist() if not name.endswith("/")}
    assert {name.split("/")[0] for name in shipped if ".dist-info/" not in name} == ROOMS
    written = {str(path.relative_to(tree)) for room in ROOMS for path in (tree / room).rglob("*") if path.is_file()}
    assert written - shipped == set()


def test_it_imports_from_another_directory(wheel: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(elsewhere / "installed")
    run = subprocess.run(
        [sys.executable, "-P", "-c", IMPORT_FROM, str(elsewhere / "installed")],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert set(run.stdout.split()) == ROOMS
