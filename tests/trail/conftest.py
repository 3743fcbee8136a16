"""The trail on both databases: every test that asks for `trail` runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from schemas.connections import Connection, ConnectionState
from schemas.mapping import Mapping
from schemas.sources import Source
from service.sealing import KeyRing
from service.trail import connections, schema, sources
from service.trail.changes import Declared
from service.trail.database import Trail, open_trail
from service.trail.engines import postgresql_engine
from service.trail.tables import METADATA
from tests.trail.hands import Hands
from tools.parts.postgres_databases import fresh_database
from tools.parts.shared import PostgresAddress

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def pass_(self, **parts: float) -> None:
        self.at += timedelta(**parts)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing({"k1": bytes(32)})


@pytest.fixture(scope="session")
def migrated(postgres_server: PostgresAddress) -> Iterator[str]:
    """A database with our schema, emptied for each test: making one a test takes far longer."""
    with fresh_database(postgres_server.url) as url:
        engine = postgresql_engine(url)
        schema.migrate(engine)
        engine.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a fresh trail is."""
    if request.param == "sqlite":
        yield str(tmp_path / "trail.db")
        return
    url: str = request.getfixturevalue("migrated")
    engine = postgresql_engine(url)
    with engine.begin() as c:
        c.execute(text(f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY"))
    engine.dispose()
    yield url


@pytest_asyncio.fixture
async def bare(where: str, keys: KeyRing, clock: HandClock) -> AsyncIterator[Trail]:
    """An empty trail."""
    trail = open_trail(where, keys, clock)
    yield trail
    await trail.close()


@pytest_asyncio.fixture
async def trail(bare: Trail) -> Trail:
    """A trail with the connection acme, and its sources shop (tells all) and till (tells payments)."""
    for done in await bare.run(
        lambda c: [
            connections.declare(c, bare.keys, acme(), NOON),
            sources.declare(c, bare.keys, shop(), NOON),
            sources.declare(c, bare.keys, till(), NOON),
        ]
    ):
        assert isinstance(done, Declared)
    return bare


def acme() -> Connection:
    return Connection(
        alias="acme",
        rutter_id="rutter-1",
        platform="QUICKBOOKS",
        time_zone="America/New_York",
        home_currency="USD",
        mapping=Mapping(),
        state=ConnectionState.READY,
        access_token="token-of-acme",
    )


def shop() -> Source:
    return Source(
        name="shop", kind="shopify", connection="acme", namespace="store", secrets=("s1", "s2"), exponents=(("JPY", 2),)
    )


def till() -> Source:
    return Source(
        name="till", kind="stripe", connection="acme", namespace="store", tells=frozenset({"payments"}), secrets=("w",)
    )


@pytest_asyncio.fixture
async def hands(trail: Trail) -> Hands:
    """A worker that has the lease of acme."""
    hands = Hands(trail)
    await hands.take()
    return hands
