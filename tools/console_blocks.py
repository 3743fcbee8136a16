"""Pages whose commands are true: the console blocks of a Markdown page, run in order, their output compared.

A block is fenced as `console`. A line that begins with `$ ` is a command; the lines under it are what it prints. There,
`…` stands for anything within a line, and a line of nothing but `…` for any lines. A command that ends in `&` goes on
in the background: it has done what the page says once its lines have appeared, and is ended with the page. One that
only reads is asked again until it prints what the page says, as its reader would. Variables that a command sets are
there for those after it. A block fenced as, say, `json order.json` is a file that the reader saves before.
"""

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE: Final = 60.0
"""Seconds for a command to end, or for one in the background to print what it should."""
READS: Final = ("curl -s ", "ledgerhook connections", "ledgerhook documents", "ledgerhook parked", "ledgerhook tie-out")
"""How commands begin that change nothing, unless they give data (`-d`)."""
_BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANYTHING: Final = "…"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page. `line` is where it stands, from 1."""

    line: int
    text: str
    expected: tuple[str, ...]

    @property
    def goes_on(self) -> bool:
        """Whether it runs in the background."""
        return self.text.endswith("&")

    @property
    def only_reads(self) -> bool:
        """Whether it may be run again and again."""
        return self.text.startswith(READS) and " -d" not in self.text


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What a command printed is not what the page says."""

    command: Command
    printed: str

    def __str__(self) -> str:
        """Both, one above the other."""
        expected = "\n".join(self.command.expected)
        said = f"line {self.command.line}: $ {self.command.text}\n--- the page says\n{expected}"
        return f"{said}\n--- printed\n{self.printed}"


def commands(page: str) -> list[Command]:
    """Every command of a page, in order."""
    found: list[Command] = []
    for block in _BLOCK.finditer(page):
        at = page.count("\n", 0, block.start(1)) + 1
        for offset, line in enumerate(block.group(1).splitlines()):
            if line.startswith("$ "):
                found.append(Command(at + offset, line[2:].strip(), ()))
            elif found:
                last = found[-1]
                found[-1] = Command(last.line, last.text, (*last.expected, line.rstrip()))
    return found


def files(page: str) -> dict[str, str]:
    """Every file that the reader saves, by name."""
    return dict(_FILE.findall(page))


def fits(expected: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the lines printed are those expected, nothing more and nothing less."""
    if not expected:
        return not printed
    head, rest = expected[0], expected[1:]
    if head.strip() == _ANYTHING:
        return any(fits(rest, printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and _line_fits(head, printed[0]) and fits(rest, printed[1:])


def _line_fits(expected: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.split(_ANYTHING))
    return re.fullmatch(pattern, printed) is not None


def run_page(page: str, where: Path, environment: Mapping[str, str]) -> list[Mismatch]:
    """Run the commands of a page in `where`; answer the first that differs, or nothing."""
    for name, text in files(page).items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(text)
    with _Shell(where, {**os.environ, **environment}).kept() as shell:
        for command in commands(page):
            printed = shell.begin(command) if command.goes_on else shell.run(command)
            if printed is not None:
                return [Mismatch(command, printed)]
    return []


class _Shell:
    def __init__(self, where: Path, environment: Mapping[str, str]) -> None:
        self._where, self._environment = where, dict(environment)
        self._running: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def kept(self) -> Iterator["_Shell"]:
        """Until the page is over; then whatever still runs is ended."""
        try:
            yield self
        finally:
            for process in self._running:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
            for process in self._running:
                process.wait(PATIENCE)

    def run(self, command: Command) -> str | None:
        """None when it printed what the page says, else what it printed."""
        until = time.monotonic() + PATIENCE
        while True:
            printed = self._printed(command)
            if fits(command.expected, _lines(printed)):
                return None
            if not command.only_reads or time.monotonic() > until:
                return printed
            time.sleep(0.2)

    def _printed(self, command: Command) -> str:
        kept = self._where / ".environment"
        ended = subprocess.run(  # noqa: S602 - the page's own commands
            f"set -a\n{command.text}\nenv -0 > {shlex.quote(str(kept))}",
            shell=True,
            cwd=self._where,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        if kept.exists():  # not where the command ended the shell
            self._environment = dict(line.split("=", 1) for line in kept.read_text().split("\0") if line)
        return ended.stdout.decode()

    def begin(self, command: Command) -> str | None:
        """The same for a command that goes on: its lines are waited for, and more may follow them."""
        output = self._where / f".printed-{len(self._running)}"
        with output.open("wb") as file:
            process = subprocess.Popen(  # noqa: S602 - the page's own commands
                command.text.removesuffix("&").strip(),
                shell=True,
                cwd=self._where,
                env=self._environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(process)
        until = time.monotonic() + PATIENCE
        while not fits((*command.expected, _ANYTHING), _lines(output.read_text())):
            if time.monotonic() > until or process.poll() is not None:
                return output.read_text()
            time.sleep(0.1)
        return None


def _lines(printed: str) -> list[str]:
    return [line.rstrip() for line in printed.rstrip("\n").splitlines()]
