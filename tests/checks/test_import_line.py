"""Imports run one way, and import-linter sees each way round it."""

import subprocess
import sys
from pathlib import Path

import pytest

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
ONE_WAY = "imports run one way: schemas <- handlers <- consumers <- service"
ALONE = "the sandbox shares no code with the rest"
ONLY_CLI = "only the command line imports the sandbox"


def lint_imports(tree: Path) -> tuple[int, str]:
    run = subprocess.run(
        [str(LINT_IMPORTS), "--no-cache", "--no-logo"], cwd=tree, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def test_the_tree_is_clean(tree: Path) -> None:
    code, said = lint_imports(tree)
    assert (code, "3 kept, 0 broken" in said) == (0, True), said


@pytest.mark.parametrize(
    ("planted", "imports", "contract", "told"),
    [
        ("schemas/planted.py", "service", ONE_WAY, "schemas is not allowed to import service"),
        ("schemas/planted.py", "handlers", ONE_WAY, "schemas is not allowed to import handlers"),
        ("handlers/planted.py", "consumers", ONE_WAY, "handlers is not allowed to import consumers"),
        ("consumers/planted.py", "service", ONE_WAY, "consumers is not allowed to import service"),
        ("sandbox/planted.py", "schemas", ALONE, "sandbox is not allowed to import schemas"),
        ("service/planted.py", "sandbox", ONLY_CLI, "service is not allowed to import sandbox"),
        ("handlers/planted.py", "sandbox", ONLY_CLI, "handlers is not allowed to import sandbox"),
    ],
)
def test_an_import_the_wrong_way_is_caught(tree: Path, planted: str, imports: str, contract: str, told: str) -> None:
    (tree / planted).write_text(f"import {imports}\n")
    code, said = lint_imports(tree)
    assert code == 1, said
    assert f"{contract} BROKEN" in said
    assert told in said


def test_the_command_line_may_import_the_sandbox(tree: Path) -> None:
    command_line = tree / "service" / "cli"
    command_line.mkdir(exist_ok=True)
    (command_line / "__init__.py").touch()
    (tree / "sandbox" / "planted.py").touch()
    (command_line / "planted.py").write_text("import sandbox.planted\n")
    code, said = lint_imports(tree)
    assert code == 0, said
