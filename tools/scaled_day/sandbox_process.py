"""The sandbox as a process of its own, and its controls."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import httpx

from sandbox.settings import Settings
from tools.parts.child import Child
from tools.parts.ports import free_ports
from tools.scaled_day.processes import LEDGERHOOK, clean_environment

START_SECONDS: Final = 30.0
CREDENTIALS: Final = (Settings().client_id, Settings().client_secret)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """`url` without the path; what is asked of it here is under `/_sandbox`."""

    url: str
    http: httpx.AsyncClient

    async def plant(self, **fault: str | float) -> None:
        """Plant a fault (docs/sandbox.md, Faults)."""
        (await self.http.post(f"{self.url}/_sandbox/faults", json=fault)).raise_for_status()

    async def books(self) -> dict[str, Any]:
        """Every document, with numbers as exact decimals."""
        answer = await self.http.get(f"{self.url}/_sandbox/books")
        report: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
        return report

    async def posts(self, path: str = "/accounting") -> list[dict[str, Any]]:
        """The POSTs that were asked of it, oldest first."""
        asked = {"method": "POST", "path": path}
        answer = await self.http.get(f"{self.url}/_sandbox/requests", params=asked)
        requests: list[dict[str, Any]] = answer.json()["requests"]
        return requests


@asynccontextmanager
async def sandbox_process(room: Path, http: httpx.AsyncClient) -> AsyncIterator[Sandbox]:
    """`ledgerhook sandbox` for the time of the block. Its ids come from its seed: two of them give the same ones."""
    port = free_ports(1)[0]
    child = Child(
        [LEDGERHOOK, "sandbox", "--port", str(port)],
        log=room / f"sandbox-{port}.log",
        directory=room,
        environment=clean_environment(),
    )
    child.start()
    try:
        sandbox = Sandbox(f"http://127.0.0.1:{port}", http)
        await _answers(sandbox, child)
        yield sandbox
    finally:
        child.stop()


async def _answers(sandbox: Sandbox, child: Child) -> None:
    deadline = time.monotonic() + START_SECONDS
    while child.running and time.monotonic() < deadline:
        try:
            await sandbox.http.get(f"{sandbox.url}/_sandbox/switches")
        except httpx.TransportError:
            await asyncio.sleep(0.05)
        else:
            return
    raise child.failed("the sandbox")
