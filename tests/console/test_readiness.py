"""Readiness tells the truth: each check by name, 200 only when all hold."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx

from service.console.readiness import holds, readiness, recent, schema_at_head
from tests.console.conftest import Console

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_ready_while_all_hold(console: Console) -> None:
    console.parts.checks["schema"] = schema_at_head(console.stage.trail.engine)
    answer = httpx.get(console.url + "/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "checks": {"trail": "ok", "schema": "ok"}}
    assert httpx.get(console.url + "/health/live").text == "live\n"


def test_which_one_fails_is_said(console: Console) -> None:
    console.parts.checks["kafka"] = holds(lambda: "the consumer has made no progress for 40 s")
    answer = httpx.get(console.url + "/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"trail": "ok", "kafka": "the consumer has made no progress for 40 s"}


def test_an_index_that_is_gone_is_noticed(console: Console) -> None:
    console.parts.checks["schema"] = schema_at_head(console.stage.trail.engine)
    console.stage.run(lambda c: c.exec_driver_sql("DROP INDEX uq_writes_key"))
    said = httpx.get(console.url + "/health/ready").json()["checks"]["schema"]
    assert "uq_writes_key" in said


async def test_a_check_that_hangs_or_breaks_does_not_hold() -> None:
    async def hangs() -> str | None:
        await asyncio.Event().wait()
        return None

    async def breaks() -> str | None:
        raise OSError("password=hunter2 is wrong")

    found = await readiness({"hangs": hangs, "breaks": breaks}, seconds=0.05)
    assert not found.ready
    assert found.checks == {"hangs": "no answer within 0.05 s", "breaks": "cannot be checked (OSError)"}


async def test_what_beats_must_have_beaten_of_late() -> None:
    last: list[datetime | None] = [None]
    now = [NOON]
    check = recent("the sweep", lambda: last[0], timedelta(minutes=3), lambda: now[0])
    assert await check() == "the sweep has not run yet"
    last[0] = NOON
    assert await check() is None
    now[0] = NOON + timedelta(minutes=4)
    assert await check() == "the sweep last ran 240 s ago"
