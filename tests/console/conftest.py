"""The console on a filled trail, served over real HTTP from a thread of its own."""

import asyncio
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
from service.trail.database import Trail, open_trail
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


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing({"k1": bytes(32)})


@pytest.fixture
def trail(tmp_path: Path, keys: KeyRing, clock: HandClock) -> Iterator[Trail]:
    opened = open_trail(str(tmp_path / "trail.db"), keys, clock)
    yield opened
    opened.shut()


@pytest.fixture
def empty_stage(trail: Trail, keys: KeyRing, clock: HandClock) -> Stage:
    return Stage(trail, keys, clock)


@pytest.fixture
def stage(empty_stage: Stage) -> Stage:
    play(empty_stage)
    return empty_stage


@pytest.fixture
def console(stage: Stage) -> Iterator[Console]:
    """The console on the small day."""
    with serving(stage) as served:
        yield served


@pytest.fixture
def empty_console(empty_stage: Stage) -> Iterator[Console]:
    """The console of a service that nobody has told anything."""
    with serving(empty_stage) as served:
        yield served


@pytest.fixture
def browser_less(console: Console) -> Iterator[httpx.Client]:
    """Signed in, as a browser would be."""
    with httpx.Client(base_url=console.url, follow_redirects=True) as client:
        assert client.post("/login", data={"token": TOKEN}).status_code == 200
        yield client


@pytest.fixture
def api(console: Console) -> Iterator[httpx.Client]:
    """A program with the bearer token."""
    with httpx.Client(base_url=console.url, headers={"authorization": f"Bearer {TOKEN}"}) as client:
        yield client


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
            thread.join(15)


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
