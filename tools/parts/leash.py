"""Nothing we start outlives us, not even when we are killed with SIGKILL.

A second, tiny process reads a pipe from this one. While we live it only keeps the list of what we hold; when the
pipe closes, however we ended, it stops every process still on the list and removes every directory.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

GRACE_SECONDS = 5.0


class Leash:
    """This process's end of the pipe. The other process lives only while something is held."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[str] = set()
        self._watcher: subprocess.Popen[str] | None = None

    def hold_process(self, pid: int, stop_signal: signal.Signals) -> None:
        """Stop `pid` with `stop_signal`, later with SIGKILL, should this process end before releasing it."""
        self._tell("hold", f"process {pid} {stop_signal.value}")

    def release_process(self, pid: int, stop_signal: signal.Signals) -> None:
        self._tell("release", f"process {pid} {stop_signal.value}")

    def hold_directory(self, directory: Path) -> None:
        """Remove `directory` should this process end before releasing it."""
        self._tell("hold", f"directory {directory}")

    def release_directory(self, directory: Path) -> None:
        self._tell("release", f"directory {directory}")

    def _tell(self, verb: str, what: str) -> None:
        with self._lock:
            if verb == "hold":
                self._held.add(what)
            else:
                self._held.discard(what)
            watcher = self._watcher or self._start()
            assert watcher.stdin is not None  # noqa: S101 - Popen was asked for a pipe
            watcher.stdin.write(f"{verb} {what}\n")
            watcher.stdin.flush()
            if not self._held:
                watcher.stdin.close()
                watcher.wait()
                self._watcher = None

    def _start(self) -> subprocess.Popen[str]:
        # A session of its own: Ctrl-C in the terminal must not end the one that cleans up after it.
        self._watcher = subprocess.Popen(
            [sys.executable, "-S", "-E", __file__], stdin=subprocess.PIPE, text=True, start_new_session=True
        )
        return self._watcher


LEASH = Leash()


def watch(pipe: TextIO) -> None:
    """Read what is held until the pipe closes, then let go of it all."""
    held: dict[str, None] = {}
    for line in pipe:
        verb, _, what = line.rstrip("\n").partition(" ")
        if verb == "hold":
            held[what] = None
        else:
            held.pop(what, None)
    told = [what.split(" ", 1) for what in held]
    _end([detail for kind, detail in told if kind == "process"])
    for kind, detail in told:
        if kind == "directory":
            shutil.rmtree(detail, ignore_errors=True)


def _end(processes: list[str]) -> None:
    alive = {int(pid): int(number) for pid, number in (detail.split() for detail in processes)}
    for pid, number in alive.items():
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
    deadline = time.monotonic() + GRACE_SECONDS
    while alive and time.monotonic() < deadline:
        alive = {pid: number for pid, number in alive.items() if _exists(pid)}
        time.sleep(0.05)
    for pid in alive:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # A container's first process may never collect the dead: Linux tells them apart by this letter.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # elsewhere the signal alone has to do


if __name__ == "__main__":
    watch(sys.stdin)
