"""The console on a filled trail, served over real HTTP from a thread of its own."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from service.console.app import create_admin_app
from service.console.desk import AdminDesk, Check, ReplayAnswer, ReplayAsk
from service.console.readiness import trail_answers
from service.metrics import new_metrics
from service.sealing import KeyRing
from service.trail.database import open_trail
from tests.console.day import play
from tests.console.stage import TOKEN, HandClock, Stage


@dataclass
class Desk:
    """A desk whose parts a test can reach."""

    desk: AdminDesk
    checks: dict[str, Check]
    replayed: list[ReplayAsk] = field(default_factory=list)


@dataclass
class Console:
    """A served console."""

    url: str
    stage: Stage
    parts: Desk


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Stage]:
    """The small day in a file, played once; and its stage, closed."""
    where = tmp_path_factory.mktemp("day") / "trail.db"
    stage = _stage(where)
    play(stage)
    stage.trail.shut()
    return where, stage


@pytest.fixture
def stage(played: tuple[Path, Stage], tmp_path: Path) -> Iterator[Stage]:
    """The small day, to be changed."""
    with _copied(played, tmp_path) as copied:
        yield copied


@pytest.fixture
def console(stage: Stage) -> Iterator[Console]:
    """The console on the small day."""
    with serving(stage) as served:
        yield served


@pytest.fixture(scope="module")
def standing(played: tuple[Path, Stage], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The console on the small day, for tests that only look: one for all of a module."""
    with _copied(played, tmp_path_factory.mktemp("standing")) as copied, serving(copied) as served:
        yield served


@pytest.fixture
def empty_console(tmp_path: Path) -> Iterator[Console]:
    """The console of a service that nobody has told anything."""
    stage = _stage(tmp_path / "trail.db")
    with serving(stage) as served:
        yield served
    stage.trail.shut()


@pytest.fixture
def reader(standing: Console) -> Iterator[httpx.Client]:
    """Signed in, and only looking."""
    with signed_in(standing) as client:
        yield client


@pytest.fixture
def visitor(console: Console) -> Iterator[httpx.Client]:
    """Signed in, as a browser would be."""
    with signed_in(console) as client:
        yield client


@pytest.fixture
def api(console: Console) -> Iterator[httpx.Client]:
    """A program with the bearer token."""
    with httpx.Client(base_url=console.url, headers={"authorization": f"Bearer {TOKEN}"}, timeout=30) as client:
        yield client


@contextmanager
def signed_in(console: Console) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=console.url, follow_redirects=True, timeout=30) as client:
        assert client.post("/login", data={"token": TOKEN}).status_code == 200
        yield client


def _stage(where: Path) -> Stage:
    keys, clock = KeyRing({"k1": bytes(32)}), HandClock()
    return Stage(open_trail(str(where), keys, clock), keys, clock)


@contextmanager
def _copied(played: tuple[Path, Stage], folder: Path) -> Iterator[Stage]:
    where, original = played
    shutil.copy(where, folder / "trail.db")
    stage = _stage(folder / "trail.db")
    stage.clock.at, stage.deliveries = original.clock.at, original.deliveries
    yield stage
    stage.trail.shut()


@contextmanager
def serving(stage: Stage) -> Iterator[Console]:
    parts = _desk(stage)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(_config(create_admin_app(parts.desk)))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        try:
            yield Console(f"http://127.0.0.1:{listener.getsockname()[1]}", stage, parts)
        finally:
            server.should_exit = True
            thread.join(60)


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=3)


def _desk(stage: Stage) -> Desk:
    checks: dict[str, Check] = {"trail": trail_answers(stage.trail)}
    replayed: list[ReplayAsk] = []

    async def replay(ask: ReplayAsk) -> ReplayAnswer:
        replayed.append(ask)
        return ReplayAnswer(deliveries=3, events=2, verdicts={"duplicate": 2})

    metrics = new_metrics()
    metrics.refused.labels("shop", "signature wrong").inc(3)
    desk = AdminDesk(
        trail=stage.trail,
        keys=stage.keys,
        admin_token=TOKEN,
        metrics=metrics,
        now=stage.clock.now,
        public_url="https://hooks.example.com/",
        checks=checks,
        replay=replay,
    )
    return Desk(desk, checks, replayed)
