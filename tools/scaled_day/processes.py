"""Ledgerhook's own commands as a person would run them: programs, configured by their environment alone."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import httpx

from tools.parts.child import Child
from tools.parts.ports import free_ports

LEDGERHOOK: Final = str(Path(sys.executable).parent / "ledgerhook")
READY_SECONDS: Final = 60.0
COMMAND_SECONDS: Final = 120.0

RoleName = Literal["web", "worker"]


class CommandFailedError(RuntimeError):
    """A command ended with another exit code than 0; the message has what it said."""


@dataclass(slots=True)
class Role:
    """A web or worker process. `public_url` None: it takes no webhooks."""

    name: str
    child: Child
    admin_url: str
    public_url: str | None

    async def ready(self, http: httpx.AsyncClient) -> None:
        """Wait until it says that it is ready.

        Raises:
            CommandFailedError: it ended, or is not ready in time; with the end of its log.
        """
        deadline = time.monotonic() + READY_SECONDS
        said = "nothing"
        while self.child.running and time.monotonic() < deadline:
            try:
                answer = await http.get(f"{self.admin_url}/health/ready")
            except httpx.TransportError as error:
                said = type(error).__name__
            else:
                if answer.status_code == 200:
                    return
                said = answer.text
            await asyncio.sleep(0.1)
        raise CommandFailedError(f"{self.name} is not ready ({said}); {self.child.failed(self.name)}")


@dataclass(slots=True)
class Programs:
    """One installation: its environment, where logs go, and the processes that were started."""

    room: Path
    environment: dict[str, str] = field(repr=False)
    roles: list[Role] = field(default_factory=list)

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """One command to its end; answers what it printed.

        Raises:
            CommandFailedError: it did not end with exit code 0.
        """
        done = subprocess.run(
            [LEDGERHOOK, *arguments],
            env={**self.environment, **(environment or {})},
            cwd=self.room,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip())[-3000:]
            raise CommandFailedError(f"ledgerhook {arguments[0]} ended with {done.returncode}: {said}")
        return done.stdout

    async def command(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """As `run`, beside everything else."""
        return await asyncio.to_thread(self.run, *arguments, environment=environment)

    def start(self, role: RoleName, environment: Mapping[str, str] | None = None) -> Role:
        """Start a role on ports of its own; whether it is ready is the caller's question."""
        public, admin = free_ports(2)
        name = f"{role} {1 + sum(one.name.startswith(role) for one in self.roles)}"
        child = Child(
            [LEDGERHOOK, role],
            log=self.room / f"{name.replace(' ', '-')}.log",
            directory=self.room,
            environment={
                **self.environment,
                "LEDGERHOOK_PUBLIC_PORT": str(public),
                "LEDGERHOOK_ADMIN_PORT": str(admin),
                **(environment or {}),
            },
        )
        child.start()
        started = Role(
            name, child, f"http://127.0.0.1:{admin}", f"http://127.0.0.1:{public}" if role == "web" else None
        )
        self.roles.append(started)
        return started

    def stop(self) -> None:
        """Ask all of them to leave, then wait for each."""
        for role in self.roles:
            role.child.stop()
        self.roles.clear()


def clean_environment() -> dict[str, str]:
    """Ours, without the settings of any installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LEDGERHOOK_")}
