"""compose.yaml's commands with their environment, as local processes against real Kafka and real PostgreSQL."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.scaled import compose_file
from tests.scaled.compose_run import Local, places
from tests.scaled.small_shop import invoices, open_company, order, signed
from tools.parts import report
from tools.parts.broker import Broker
from tools.parts.postgres import own_postgresql
from tools.scaled_day.processes import Programs, clean_environment
from tools.scaled_day.sandbox_process import CREDENTIALS, Sandbox, sandbox_process
from tools.scaled_day.trail_look import Sent, TrailLook

OUT_WITHIN = 10.0


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `ledgerhook init` writes for Docker Compose."""
    room = tmp_path_factory.mktemp("init")
    Programs(room, clean_environment()).run("init")
    lines = [line for line in (room / ".env").read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def postgres(secrets: dict[str, str]) -> Iterator[str]:
    """A server with the file's user, database and password; answers its address.

    One a test: a connection of an earlier test's sandbox would be one that this test's Rutter has never heard of.
    """
    if (lack := report.postgres_lack()) is not None:
        pytest.skip(lack)
    with own_postgresql() as server:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            change = sql.SQL("ALTER ROLE ledgerhook PASSWORD {}").format(sql.Literal(secrets["POSTGRES_PASSWORD"]))
            connection.execute(change)
            connection.execute("CREATE DATABASE ledgerhook")
        yield urlsplit(server.dsn).netloc.rpartition("@")[2]


@dataclass(slots=True)
class Running:
    """The services, all up and healthy, with a sandbox for Rutter."""

    migrate: Local
    web: Local
    worker: Local
    sandbox: Sandbox
    look: TrailLook

    async def send(self, http: httpx.AsyncClient, number: str) -> int:
        """One signed webhook; answers the status."""
        body = order(number, "acme-hooks")
        headers = signed(body, f"msg_{number}", int(time.time()))
        url = f"http://127.0.0.1:{self.web.elsewhere['8080']}/webhooks/acme-hooks"
        return (await http.post(url, content=body, headers=headers)).status_code

    async def asked(self, number: str) -> Sent:
        """Wait until the invoice of this order was asked for at the sandbox; answers the write."""
        for _ in range(400):
            posts = await self.sandbox.posts("/accounting/invoices")
            keys = [post["idempotency_key"] for post in posts]
            found = [write for key in keys if (write := self.look.write(key)) and write.key == f"invoice:{number}"]
            if found:
                return found[0]
            await asyncio.sleep(0.1)
        pytest.fail(f"no invoice of {number} was asked for within 40 s")


@pytest.fixture
async def running(
    broker: Broker, postgres: str, secrets: dict[str, str], tmp_path: Path, http: httpx.AsyncClient
) -> AsyncIterator[Running]:
    room = tmp_path / "container"
    room.mkdir()
    async with sandbox_process(tmp_path, http) as sandbox:
        rutter = {
            "LEDGERHOOK_RUTTER_BASE_URL": f"{sandbox.url}/versioned",
            "LEDGERHOOK_RUTTER_CLIENT_ID": CREDENTIALS[0],
            "LEDGERHOOK_RUTTER_CLIENT_SECRET": CREDENTIALS[1],
        }
        services = compose_file.read(secrets | rutter)
        migrate, web, worker = (
            Local(name, services[name], places(broker.bootstrap, postgres), room)
            for name in ("migrate", "web", "worker")
        )
        if not broker.idempotent:
            for one in (web, worker):
                one.service.environment["LEDGERHOOK_KAFKA_IDEMPOTENCE"] = "false"
        try:
            migrate.start()
            assert (await migrate.ended(60))[0] == 0, migrate.log.read_text()
            look = TrailLook(web.environment()["LEDGERHOOK_DATABASE_URL"])
            web.start()
            worker.start()
            await asyncio.gather(web.healthy(), worker.healthy())
            await _apply(web, sandbox, http, tmp_path)
            yield Running(migrate, web, worker, sandbox, look)
            look.close()
        finally:
            for one in (migrate, web, worker):
                one.kill()
        assert list(room.iterdir()) == []  # its file system is read-only


async def _apply(web: Local, sandbox: Sandbox, http: httpx.AsyncClient, room: Path) -> None:
    configuration, tokens = await open_company(sandbox, http)
    (room / "shop.toml").write_text(configuration)
    await Programs(room, web.environment()).command("apply", "shop.toml", environment=tokens)


async def test_a_signed_webhook_goes_through_and_the_step_in_hand_is_recorded(
    running: Running, http: httpx.AsyncClient
) -> None:
    assert await running.send(http, "1001") == 202
    await running.asked("1001")
    await running.sandbox.plant(kind="latency", method="POST", endpoint="invoices", seconds=2, times=1, skip=0)
    assert await running.send(http, "1002") == 202
    in_hand = await running.asked("1002")
    assert in_hand.state == "sent"
    (code, seconds), (web_code, web_seconds) = await asyncio.gather(
        running.worker.terminated(30), running.web.terminated(30)
    )

    assert (code, web_code) == (0, 0), running.worker.log.read_text()
    assert max(seconds, web_seconds) < OUT_WITHIN
    after = running.look.write(in_hand.idempotency_key)
    assert after is not None
    assert (after.state, after.attempt) == ("written", 1)
    assert running.look.lease("acme").owner is None
    assert [one["total_amount"] for one in await invoices(running.sandbox)] == [Decimal("31.58")] * 2


async def test_a_step_that_takes_too_long_is_left_as_it_is_recorded(running: Running, http: httpx.AsyncClient) -> None:
    await running.sandbox.plant(kind="latency", method="POST", endpoint="invoices", seconds=25, times=1)
    assert await running.send(http, "2001") == 202
    in_hand = await running.asked("2001")
    code, seconds = await running.worker.terminated(30)

    assert code == 0, running.worker.log.read_text()
    assert seconds < OUT_WITHIN
    after = running.look.write(in_hand.idempotency_key)
    assert after is not None
    assert (after.state, after.attempt) in (("sent", 1), ("in_doubt", 1))
    assert (await running.web.terminated(30))[0] == 0
