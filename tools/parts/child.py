"""One program that we started: stopped, killed, frozen and thawed by its own process id."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.parts.leash import LEASH
from tools.parts.unavailable import PartUnavailableError


class Child:
    """A program with one command line, started and stopped as often as wanted.

    Args:
        log: gets the program's output; a failure quotes its end.
        stop_signal: asks the program to leave in good order.
        user: the account to run as, by number; only root may give one.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        directory: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        user: int | None = None,
        group: int | None = None,
    ) -> None:
        self.command = list(command)
        self.log = log
        self._directory = directory
        self._environment = dict(os.environ if environment is None else environment)
        self._stop_signal = stop_signal
        self._user, self._group = user, group
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; a bug to ask while nothing runs."""
        if self._process is None:
            raise RuntimeError(f"{self.command[0]} is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the program. Returns at once; whether it is ready is the caller's question."""
        if self._process is not None:
            raise RuntimeError(f"{self.command[0]} runs already as {self._process.pid}")
        with self.log.open("ab") as output:
            # A session of its own: Ctrl-C goes to us, and we stop the program in good order.
            self._process = subprocess.Popen(
                self.command,
                cwd=self._directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self._user,
                group=self._group,
                extra_groups=None if self._user is None else [],
            )
        LEASH.hold_process(self._process.pid, self._stop_signal)

    def stop(self, *, deadline_seconds: float = 20.0) -> None:
        """Ask the program to leave, and kill it when it has not by the deadline. Nothing if it does not run."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(self._stop_signal)
            self._process.send_signal(signal.SIGCONT)  # a frozen program cannot leave
        try:
            self._process.wait(deadline_seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def kill(self) -> None:
        """SIGKILL: the program gets no chance to put anything in order."""
        if self._process is None:
            return
        self._process.kill()
        self._reap()

    def freeze(self) -> None:
        """SIGSTOP: sockets stay open and nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def failed(self, what: str) -> PartUnavailableError:
        """The error for a program that did not come up, with the end of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        tail = "\n".join(text.splitlines()[-15:])
        return PartUnavailableError(f"{what} did not come up; the end of its log:\n{tail}")

    def _reap(self) -> None:
        assert self._process is not None  # noqa: S101 - callers have just used it
        self._process.wait()
        LEASH.release_process(self._process.pid, self._stop_signal)
        self._process = None
