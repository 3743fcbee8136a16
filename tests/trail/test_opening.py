"""Opening a trail: its schema, its owner, and what a sudden end leaves."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from consumers.intake import Position
from service.clock import SystemClock
from service.sealing import KeyRing
from service.trail import positions, schema
from service.trail.database import Trail, TrailUnavailableError, open_trail
from service.trail.engines import postgresql_engine, sqlite_engine
from service.trail.fact_tables import writes
from service.trail.listening import listen_for_ever
from service.trail.tables import METADATA
from tests.trail.hands import Hands
from tests.trail.told import order

KEYS = KeyRing({"k1": bytes(32)})


async def test_the_migrations_make_the_tables_that_the_code_names(bare: Trail) -> None:
    def differences(trail: Trail) -> list[object]:
        with trail.engine.connect() as c:
            return list(compare_metadata(MigrationContext.configure(c), METADATA))

    assert differences(bare) == []
    assert schema.problem(bare.engine) is None


def test_the_head_is_what_alembic_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")

    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


async def test_a_missing_unique_index_stops_the_start(bare: Trail) -> None:
    (index,) = (one for one in writes.indexes if one.name == "uq_writes_idempotency_key")
    await bare.run(index.drop)

    problem = schema.problem(bare.engine)
    await bare.run(index.create)

    assert problem is not None
    assert "uq_writes_idempotency_key" in problem


def test_an_empty_database_is_not_used(postgres_url: str) -> None:
    with pytest.raises(TrailUnavailableError, match="run `ledgerhook migrate`"):
        open_trail(postgres_url, KEYS, SystemClock())


def test_a_second_owner_is_refused_with_one_line_and_a_visitor_is_not(tmp_path: Path) -> None:
    with pytest.raises(TrailUnavailableError, match="there is no trail at"):
        open_trail(str(tmp_path / "trail.db"), KEYS, SystemClock(), visitor=True)
    owner = open_trail(str(tmp_path / "trail.db"), KEYS, SystemClock())
    with pytest.raises(TrailUnavailableError, match="is in use by another process"):
        open_trail(str(tmp_path / "trail.db"), KEYS, SystemClock())
    open_trail(str(tmp_path / "trail.db"), KEYS, SystemClock(), visitor=True).shut()
    owner.shut()
    open_trail(str(tmp_path / "trail.db"), KEYS, SystemClock()).shut()


def test_an_unreachable_database_is_told_in_one_line_without_the_password() -> None:
    with pytest.raises(TrailUnavailableError) as told:
        open_trail("postgresql://me:hush@127.0.0.1:1/none", KEYS, SystemClock())

    assert "cannot be reached" in str(told.value)
    assert "\n" not in str(told.value)
    assert "hush" not in str(told.value)


def test_opening_does_not_load_alembic(tmp_path: Path) -> None:
    path = tmp_path / "trail.db"
    schema.migrate(sqlite_engine(path, "write"))
    code = (
        "import sys; from service.trail.database import open_trail; from service.sealing import KeyRing; "
        "from service.clock import SystemClock; "
        f"open_trail({str(path)!r}, KeyRing({{'k': bytes(32)}}), SystemClock()).shut(); "
        "print('alembic' in sys.modules, 'cryptography' in sys.modules)"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.split() == ["False", "False"]


_KILLED = """
import asyncio, os, signal, sys
from service.trail.database import open_trail
from service.clock import SystemClock
from service.sealing import KeyRing
from tests.trail.conftest import NOON
from tests.trail.told import delivery, order

async def main():
    trail = open_trail(sys.argv[1], KeyRing({"k1": bytes(32)}), SystemClock())
    await trail.intake.record([delivery("d1", order("1"), at=NOON)])
    def unfinished(c):
        from service.trail import recording
        recording.record(c, [delivery("d2", order("2"), at=NOON)], [], NOON)
        os.kill(os.getpid(), signal.SIGKILL)
    await trail.run(unfinished)

asyncio.run(main())
"""


async def test_what_was_committed_survives_a_kill_and_the_rest_is_undone(tmp_path: Path) -> None:
    path = str(tmp_path / "trail.db")
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", _KILLED, path, cwd=Path(__file__).parents[2])
    assert await killed.wait() == -9

    trail = open_trail(path, KEYS, SystemClock())
    assert [due.event.key for due in await trail.work.due("acme", 10)] == ["order:1"]
    await trail.close()


async def test_one_failing_call_does_not_take_the_others_along(trail: Trail) -> None:
    def fails(c: Connection) -> None:
        positions.move(c, [Position("events", 0, 1)])
        raise ValueError("a bug")

    results = await asyncio.gather(
        *(trail.run(fails) for _ in range(5)),
        *(trail.intake.record([]) for _ in range(5)),
        Hands(trail).tell(order()),
        return_exceptions=True,
    )

    assert [isinstance(result, ValueError) for result in results] == [True] * 5 + [False] * 6
    assert [due.event.key for due in await trail.work.due("acme", 10)] == ["order:1001"]
    assert await trail.intake.positions("events") == {}


async def test_another_process_hears_that_work_became_due(trail: Trail, where: str) -> None:
    heard: asyncio.Queue[set[str]] = asyncio.Queue()
    listening = asyncio.create_task(listen_for_ever(trail, heard.put_nowait))
    if trail.engine.dialect.name == "sqlite":
        await asyncio.wait_for(listening, 30)
        return
    other = open_trail(where, KEYS, trail.clock)
    async with asyncio.timeout(60):
        while heard.empty():  # nothing says when it has begun to listen: tell again until it hears
            await Hands(other, told=other_told()).tell(order(str(other_told())))
            await asyncio.sleep(0.05)
        assert await heard.get() == {"acme"}
    await other.close()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


_told = iter(range(1, 10_000))


def other_told() -> int:
    return next(_told)


def test_an_invalid_index_of_postgresql_counts_as_missing(postgres_url: str) -> None:
    engine = postgresql_engine(postgres_url)
    schema.migrate(engine)
    with engine.begin() as c:
        c.execute(text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'uq_events_key'::regclass"))
    assert schema.missing_unique_indexes(engine) == ["uq_events_key"]
    engine.dispose()
