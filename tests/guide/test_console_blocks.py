"""The pages' commands are run and compared as their reader would."""

from pathlib import Path

import pytest

from tools.console_blocks import commands, fits, run_page

PAGE = """
# A page

```console
$ printf 'one\\ntwo 17 things\\n'
one
two … things
$ echo made > file; cat file
made
```

Words between.

```console
$ sh -c 'echo up; sleep 30' &
up
$ test -f file
```
"""


def test_commands_are_read_with_their_lines() -> None:
    found = commands(PAGE)
    assert [(one.line, one.expected) for one in found] == [
        (5, ("one", "two … things")),
        (8, ("made",)),
        (15, ("up",)),
        (17, ()),
    ]


def test_files_are_saved_and_variables_last(tmp_path: Path) -> None:
    page = "```text in/a.txt\nkept\n```\n```console\n$ word=$(cat in/a.txt)\n$ echo $word\nkept\n```\n"
    assert run_page(page, tmp_path, {}) == []


def test_what_only_reads_is_asked_again(tmp_path: Path) -> None:
    later = "sh -c 'echo begun; sleep 0.5; echo there > late' &"
    page = f"```console\n$ {later}\nbegun\n$ curl -s file://$PWD/late\nthere\n```\n"
    assert run_page(page, tmp_path, {}) == []


def test_a_true_page_holds(tmp_path: Path) -> None:
    assert run_page(PAGE, tmp_path, {}) == []


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [("echo made", "echo maid", 8), ("two … things", "two … thing", 5), ("up\n$", "down\n$", 15)],
)
def test_what_is_untrue_is_found(
    tmp_path: Path, was: str, now: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.console_blocks.PATIENCE", 1.0)
    (found,) = run_page(PAGE.replace(was, now), tmp_path, {})
    assert found.command.line == line
    assert "--- printed" in str(found)


@pytest.mark.parametrize(
    ("expected", "printed", "holds"),
    [
        ([], [], True),
        ([], ["more"], False),
        (["…"], ["any", "lines"], True),
        (["a", "…", "z"], ["a", "z"], True),
        (["a", "…", "z"], ["a", "b", "c"], False),
        (["a… c"], ["abb c"], True),
    ],
)
def test_what_fits(expected: list[str], printed: list[str], holds: bool) -> None:
    assert fits(expected, printed) is holds
