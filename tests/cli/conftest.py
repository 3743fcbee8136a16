"""The command line, called as a shell calls it, and a trail that its own commands made."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from consumers.intake import Accepted, DeliveryStatus, Verdict
from handlers.registry import explain_translate
from sandbox.server import Sandbox, running_sandbox
from schemas.deliveries import Delivery, Told, Unreadable
from service.cli import app
from service.clock import SystemClock
from service.installation import Installation, installation
from service.sealing import seal_delivery
from service.settings import Settings
from service.trail.database import Trail, open_trail
from tests.cli.shop import CONFIGURATION, ENVIRONMENT


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the person who runs the tests; wide, so that tables are not folded."""
    for name in list(os.environ):
        if name.startswith("LEDGERHOOK_"):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


class Shell:
    """`ledgerhook …`, in this process."""

    def __call__(self, *words: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=stdin)

    def good(self, *words: str | Path, stdin: bytes | None = None) -> str:
        """What it printed; it must end well."""
        result = self(*words, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str | Path) -> Any:
        """Its `--json`, read; it must end well."""
        return json.loads(self.good(*words, "--json"))

    def fails(self, *words: str | Path) -> str:
        """The one line it ends with; it must exit 1 and print no trace."""
        result = self(*words)
        assert result.exit_code == 1, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.stderr.count("\n") == 1, result.stderr
        return result.stderr.strip()


@pytest.fixture
def ledgerhook() -> Shell:
    return Shell()


@dataclass(frozen=True, slots=True)
class Shop:
    """A data directory with an applied configuration."""

    data_dir: Path
    file: Path
    here: Installation

    def open(self) -> Trail:
        return open_trail(self.here.trail, self.here.keys, SystemClock(), visitor=True)

    def take(self, *bodies: bytes, source: str = "acme-events", at: datetime | None = None) -> list[Verdict]:
        """As intake takes deliveries, once they are proved."""
        return asyncio.run(self._take(bodies, source, at or datetime.now(UTC)))

    async def _take(self, bodies: tuple[bytes, ...], name: str, at: datetime) -> list[Verdict]:
        trail = self.open()
        try:
            source = {one.name: one for one in await trail.intake.sources()}[name]
            batch: list[Accepted] = []
            for index, body in enumerate(bodies):
                id_ = f"d-{at:%d-%H%M%S%f}-{index}"
                told = explain_translate(Delivery(id=id_, source=name, received_at=at, headers={}, body=body), source)
                assert isinstance(told, Told | Unreadable)
                unreadable = told.problem if isinstance(told, Told) else told
                batch.append(
                    Accepted(
                        id=id_,
                        source=name,
                        connection=source.connection,
                        received_at=at,
                        status=DeliveryStatus.UNREADABLE if unreadable else DeliveryStatus.TOLD,
                        path=unreadable.path if unreadable else None,
                        reason=unreadable.reason if unreadable else None,
                        sealed=seal_delivery(trail.keys, id_, {}, body),
                        events=told.events if isinstance(told, Told) else (),
                    )
                )
            return [verdict for verdicts in await trail.intake.record(batch) for verdict in verdicts]
        finally:
            await trail.close()


def new_shop(ledgerhook: Shell, directory: Path, configuration: str = CONFIGURATION) -> Shop:
    """A trail as `ledgerhook migrate` and `ledgerhook apply` make it."""
    directory.mkdir(parents=True)
    file = directory / "ledgerhook.toml"
    file.write_text(configuration)
    data_dir = directory / "data"
    ledgerhook.good("migrate", "--data-dir", data_dir)
    ledgerhook.good("apply", file, "--data-dir", data_dir)
    here = installation(Settings(data_dir=data_dir), create=False)
    assert isinstance(here, Installation)
    return Shop(data_dir, file, here)


@pytest.fixture
def shop(ledgerhook: Shell, tmp_path: Path) -> Shop:
    return new_shop(ledgerhook, tmp_path / "shop")


@pytest.fixture
def rutter() -> Iterator[Sandbox]:
    """A sandbox in a thread of its own, so that commands may have event loops of theirs."""
    started: threading.Event = threading.Event()
    found: list[Sandbox] = []
    loops: list[asyncio.AbstractEventLoop] = []
    stops: list[asyncio.Event] = []

    async def serve() -> None:
        stop = asyncio.Event()
        async with running_sandbox() as sandbox:
            found.append(sandbox)
            loops.append(asyncio.get_running_loop())
            stops.append(stop)
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(20)
    yield found[0]
    loops[0].call_soon_threadsafe(stops[0].set)
    thread.join(20)
    assert not thread.is_alive()
