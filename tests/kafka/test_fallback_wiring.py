"""A whole web process: what it puts straight into its trail is to be relayed, if there is a Kafka at all."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from schemas.connections import Connection, ConnectionState
from schemas.mapping import Mapping
from service.installation import Installation, installation
from service.running import Role, Running, run
from service.settings import Settings
from service.trail import connections, outbox, sources
from service.trail.changes import Declared
from service.trail.outbox import Outgoing
from tests.web.told import BATCHED, SHOP, body, payment
from tools.parts.ports import free_ports

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ACME = Connection(
    alias="acme",
    rutter_id="rutter-1",
    platform="QUICKBOOKS",
    time_zone="America/New_York",
    home_currency="USD",
    mapping=Mapping(),
    state=ConnectionState.READY,
    access_token="token-of-acme",
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


async def told_to_others(directory: Path, kafka: str | None) -> Sequence[Outgoing]:
    """What waits in the outbox of a web process that took one delivery of two events."""
    settings = Settings(
        data_dir=directory,
        kafka_bootstrap_servers=kafka,
        public_port=0,
        admin_port=0,
        admin_token=SecretStr("a-token-for-the-console"),
    )
    here = installation(settings, create=True)
    assert isinstance(here, Installation)
    stop: asyncio.Event = asyncio.Event()
    started: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
    process = asyncio.create_task(run(here, frozenset({Role.WEB}), started.set_result, stop))
    running = await asyncio.wait_for(started, 60)
    trail = running.trail
    done = await trail.run(
        lambda c: [connections.declare(c, trail.keys, ACME, NOW), sources.declare(c, trail.keys, SHOP, NOW)]
    )
    assert all(isinstance(one, Declared) for one in done)
    async with httpx.AsyncClient(base_url=running.public_url or "", timeout=30) as client:
        content = body(payment("ch_1"), payment("ch_2"))
        answer = await client.post("/webhooks/acme-shop", content=content, headers=BATCHED)
        assert answer.status_code == 202
    waiting = await trail.read(lambda c: outbox.unsent(c, 10))
    stop.set()
    await process
    return waiting


async def test_embedded_there_is_nothing_to_relay(tmp_path: Path) -> None:
    assert await told_to_others(tmp_path / "data", None) == []


async def test_with_kafka_away_all_of_it_is_to_be_relayed(tmp_path: Path) -> None:
    waiting = await told_to_others(tmp_path / "data", f"127.0.0.1:{free_ports(1)[0]}")

    assert [row.topic for row in waiting] == ["ledgerhook.events", "ledgerhook.events"]
    assert [row.key for row in waiting] == ["acme", "acme"]
    assert [b'"payment:ch_1"' in waiting[0].value, b'"payment:ch_2"' in waiting[1].value] == [True, True]
