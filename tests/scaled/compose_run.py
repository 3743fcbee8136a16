"""A service of compose.yaml as a local process: its command, its environment and its health check as they stand.

What cannot be the same here is replaced: the names of the other containers, the address to bind, and the ports.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.scaled.compose_file import Service
from tools.parts.leash import LEASH
from tools.parts.ports import free_ports

PROGRAMS = Path(sys.executable).parent


@dataclass(slots=True)
class Local:
    """One service in this place. `elsewhere`: what a text of the file is here."""

    name: str
    service: Service
    elsewhere: Mapping[str, str]
    room: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.room.parent / f"{self.name}.log"

    def environment(self) -> dict[str, str]:
        """The service's own, and of ours only where programs are."""
        path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path} | {name: self.here(value) for name, value in self.service.environment.items()}

    def here(self, text: str) -> str:
        for there, here in self.elsewhere.items():
            text = text.replace(there, here)
        return text

    def start(self) -> None:
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                list(self.service.command), env=self.environment(), cwd=self.room, stdout=output, stderr=output
            )
        LEASH.hold_process(self.process.pid, signal.SIGTERM)

    async def ended(self, within: float) -> tuple[int, float]:
        """Its exit code, and after how many seconds."""
        process, begun = self._running(), time.monotonic()
        code = await asyncio.to_thread(process.wait, within)
        LEASH.release_process(process.pid, signal.SIGTERM)
        self.process = None
        return code, time.monotonic() - begun

    async def terminated(self, within: float) -> tuple[int, float]:
        """The same, asked to leave as Docker does."""
        self._running().send_signal(signal.SIGTERM)
        return await self.ended(within)

    def kill(self) -> None:
        """For the end of a test that went wrong."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            LEASH.release_process(self.process.pid, signal.SIGTERM)

    async def healthy(self, within: float = 60.0) -> None:
        """Run the health check as Docker does, until it succeeds."""
        kind, *command = self.service.healthcheck
        assert kind == "CMD"
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            assert self._running().poll() is None, self.log.read_text()
            checked = await asyncio.to_thread(
                subprocess.run,
                [self.here(word) for word in command],
                env=self.environment(),
                capture_output=True,
                check=False,
            )
            if checked.returncode == 0:
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"{self.name} is not healthy: {self.log.read_text()[-3000:]}")

    def _running(self) -> subprocess.Popen[bytes]:
        assert self.process is not None
        return self.process


def places(bootstrap: str, database: str) -> dict[str, str]:
    """The names and ports of the file, and what they are here; each call has ports of its own."""
    public, admin = free_ports(2)
    return {
        "kafka:9092": bootstrap,
        "postgres:5432": database,
        "0.0.0.0": "127.0.0.1",
        "8080": str(public),
        "8081": str(admin),
    }
