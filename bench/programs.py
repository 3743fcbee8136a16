"""Programs that we start and talk to: a JSON line from them on standard output, a line to them on standard input."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

from tools.parts.leash import LEASH

CHECKOUT: Final = Path(__file__).parents[1]
_STOP_SECONDS: Final = 15.0


class ProgramError(Exception):
    """A program of the bench did not do its part; with the end of what it wrote on standard error."""


class Program:
    """A running program."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self._said: SimpleQueue[str | None] = SimpleQueue()
        threading.Thread(target=self._hear, daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def tell(self, line: str) -> None:
        """Write one line to it."""
        if self._process.stdin is None:
            raise ProgramError("the program has no input")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def told(self, seconds: float = 60.0) -> dict[str, Any]:
        """The next JSON line it says.

        Raises:
            ProgramError: it ended, or said nothing for so long.
        """
        try:
            line = self._said.get(timeout=seconds)
        except Empty:
            raise ProgramError(f"said nothing for {seconds:g} s: {self._end_of_log()}") from None
        if line is None:
            raise ProgramError(f"ended: {self._end_of_log()}")
        said: dict[str, Any] = json.loads(line)
        return said

    def cpu_seconds(self) -> float:
        """CPU time, user and system, of all its threads so far. Resolution is 10 ms."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            raise ProgramError("CPU times are read from /proc: run the intake bench on Linux")
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """SIGTERM, then SIGKILL."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self._said.put(line)
        self._said.put(None)

    def _end_of_log(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-12:]) or "nothing in its log"


@contextmanager
def running(module: str, *arguments: str, log: Path, environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    """`python -m module` while the block runs. Its standard error goes to the file `log`.

    Our own settings are kept from it: it gets `environment` and nothing else that begins with LEDGERHOOK_.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LEDGERHOOK_")}
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=CHECKOUT,
            env=inherited | dict(environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    LEASH.hold_process(process.pid, signal.SIGTERM)  # so that it ends with us, however we end
    program = Program(process, log)
    try:
        yield program
    finally:
        program.stop()
        LEASH.release_process(process.pid, signal.SIGTERM)
