"""The outbox is sent by one process at a time, and the next one goes on where the first has ended."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from service.clock import SystemClock
from service.sealing import KeyRing, generate, parse_keys
from service.trail.database import Trail, open_trail
from service.trail.turns import OUTBOX, Turn


@pytest.fixture
async def trail(postgres_url: str) -> AsyncIterator[Trail]:
    keys = parse_keys(generate("k1"))
    assert isinstance(keys, KeyRing)
    opened = open_trail(postgres_url, keys, SystemClock(), migrate=True)
    yield opened
    await opened.close()


async def test_one_has_it_until_it_passes_it_on(trail: Trail) -> None:
    first, second = Turn(trail, OUTBOX), Turn(trail, OUTBOX)
    assert await first.mine()
    assert not await second.mine()
    assert await first.mine()
    await first.close()
    assert await _soon(second)  # the server hears of the goodbye a moment later
    assert not await first.mine()
    await first.close()
    await second.close()


async def test_it_is_lost_with_its_session(trail: Trail) -> None:
    first, second = Turn(trail, OUTBOX), Turn(trail, OUTBOX)
    assert await first.mine()
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND {here}"
    url = trail.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ended)
    with pytest.raises(psycopg.OperationalError):
        await first.mine()
    assert await _soon(second)  # the server says goodbye before it lets go of the lock
    assert not await first.mine()
    await first.close()
    await second.close()


async def _soon(turn: Turn) -> bool:
    for _ in range(1000):
        if await turn.mine():
            return True
        await asyncio.sleep(0.01)
    return False
