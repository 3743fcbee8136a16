"""A PostgreSQL server in a temporary directory, on 127.0.0.1, never as root."""

import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tools.parts.child import Child
from tools.parts.ports import free_ports
from tools.parts.postgres_binaries import Account, run_as, runnable_programs, unprivileged_account
from tools.parts.room import temporary_directory
from tools.parts.unavailable import PartUnavailableError

USER = "ledgerhook"
START_DEADLINE_SECONDS = 30.0


class PostgresServer:
    """PostgreSQL of our own. Port and data outlast stop, kill and start; they end with the `with` block.

    Attributes:
        dsn: libpq's URL of the database `postgres`, with the password.
    """

    def __init__(self, server: Child, dsn: str) -> None:
        self.dsn = dsn
        self._server = server

    @property
    def pid(self) -> int:
        """The postmaster's process id; a bug to ask while it is down."""
        return self._server.pid

    def start(self) -> None:
        """Start the server and wait until it answers a query.

        The processes of one that was killed hold its shared memory a moment longer, and a new one then ends at once:
        it is started again.
        """
        deadline = time.monotonic() + START_DEADLINE_SECONDS
        while time.monotonic() < deadline:
            if not self._server.running:
                self._server.kill()  # reaps one that ended by itself
                self._server.start()
            try:
                with psycopg.connect(self.dsn, connect_timeout=5) as connection:
                    connection.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise self._server.failed("PostgreSQL")

    def stop(self) -> None:
        """A fast shutdown: connections are cut, data are put in order."""
        self._server.stop()

    def kill(self) -> None:
        """SIGKILL, as when the machine loses power while its disk does not; the next start recovers."""
        self._server.kill()


@contextmanager
def own_postgresql(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start PostgreSQL from the packaged programs with fresh data; stop it and remove the data at the end.

    Args:
        durable: whether a commit waits for the disk. Tests that do not measure it say False.

    Raises:
        PartUnavailableError: it cannot start here; one line says why.
    """
    account = unprivileged_account()
    with temporary_directory("postgres", inside=_reachable(account)) as room:
        if account is not None:
            os.chown(room, account.user, account.group)
        programs = runnable_programs(account, room)
        password = secrets.token_urlsafe(16)
        _make_cluster(programs, account, room, password)
        port = free_ports(1)[0]
        server = Child(
            [str(programs / "postgres"), "-D", str(room / "data"), *_options(port, durable=durable)],
            log=room / "postgres.log",
            directory=room,
            environment=_environment(),
            stop_signal=signal.SIGINT,  # PostgreSQL: "fast shutdown"
            user=account.user if account else None,
            group=account.group if account else None,
        )
        postgres = PostgresServer(server, f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres")
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.stop()


def _reachable(account: Account | None) -> Path | None:
    """Debian's own directory for temporary files when `account` may not enter ours; None when it may."""
    if account is None:
        return None
    test = shutil.which("test") or "/usr/bin/test"
    entered = run_as(account, [test, "-x", tempfile.gettempdir()])
    return None if entered.returncode == 0 else Path("/tmp")  # noqa: S108 - mkdtemp makes a private one in it


def _make_cluster(programs: Path, account: Account | None, room: Path, password: str) -> None:
    secret = room / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if account is not None:
        os.chown(secret, account.user, account.group)
    command = [str(programs / "initdb"), "-D", str(room / "data"), "-U", USER, "--pwfile", str(secret)]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    run = run_as(account, command, environment=_environment())
    secret.unlink()
    if run.returncode != 0:
        raise PartUnavailableError(f"PostgreSQL's initdb failed: {run.stderr.strip()}")


def _options(port: int, *, durable: bool) -> list[str]:
    values = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": "64MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]


def _environment() -> dict[str, str]:
    """Ours without libpq's variables, which would change what the server's programs do."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
