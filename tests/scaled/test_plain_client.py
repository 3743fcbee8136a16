"""A canonical event that a plain Kafka client writes to `ledgerhook.events` becomes a document."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from tests.scaled.small_shop import invoices, open_company, order
from tests.scaled.two_roles import two_roles
from tools.parts.broker import Broker
from tools.scaled_day.installation import Places, environment_of
from tools.scaled_day.processes import Programs
from tools.scaled_day.sandbox_process import Sandbox, sandbox_process

SCRIPT = Path(__file__).with_name("upstream_system.py")
CONSUMER: Any = AIOKafkaConsumer


@pytest.fixture
async def sandbox(broker: Broker, postgres_url: str, tmp_path: Path, http: httpx.AsyncClient) -> AsyncIterator[Sandbox]:
    """A sandbox, and one worker process that posts to it; only `migrate` is more than a reader and writer of rows."""
    with two_roles(postgres_url) as urls:
        async with sandbox_process(tmp_path, http) as started:
            places = Places(broker.name, broker.bootstrap, broker.idempotent, urls.app)
            programs = Programs(tmp_path, environment_of(places, started, "a-token-for-the-console"))
            await programs.command("migrate", environment={"LEDGERHOOK_DATABASE_URL": urls.owner})
            configuration, secrets = await open_company(started, http)
            (tmp_path / "shop.toml").write_text(configuration)
            await programs.command("apply", "shop.toml", environment=secrets)
            try:
                await programs.start("worker").ready(http)
                yield started
            finally:
                programs.stop()


async def test_a_plain_clients_event_becomes_an_invoice(broker: Broker, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b'{"specversion": "1.0", "id": "order:1000"')
    (tmp_path / "order").write_bytes(order("1001"))
    arguments = [broker.bootstrap, "ledgerhook.events", "acme", str(tmp_path / "broken"), str(tmp_path / "order")]
    published = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, text=True, check=True
    )

    assert published.stdout == "[]\n"
    (invoice,) = await _posted(sandbox)
    assert (invoice["document_number"], invoice["currency_code"]) == ("1001", "USD")
    assert (invoice["total_amount"], invoice["issue_date"][:10]) == (Decimal("31.58"), "2026-11-02")
    assert await _dead(broker) == [b'{"specversion": "1.0", "id": "order:1000"']


async def _posted(sandbox: Sandbox) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if found := await invoices(sandbox):
            return found
        await asyncio.sleep(0.1)
    pytest.fail("no invoice within 30 s")


async def _dead(broker: Broker) -> list[bytes]:
    consumer = CONSUMER(
        "ledgerhook.events.dead", bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest", group_id=None
    )
    async with consumer:
        record = await asyncio.wait_for(consumer.getone(), 20)
    return [record.value]
