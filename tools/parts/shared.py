"""One broker and one database server for a whole test run, however many processes it has.

The run's first process makes a directory and holds a lock in it. Whoever needs a part first starts a keeper for it,
which writes the part's address into that directory and waits for the run's lock: it gets it when the run has ended,
in whichever way, and then stops the part. So nothing is started that no test asks for, and nothing is left behind.
"""

import fcntl
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TextIO, assert_never

import psycopg

from tools.parts.broker import choose, kafka_protocol_broker
from tools.parts.postgres_databases import given_url, postgresql
from tools.parts.unavailable import PartUnavailableError

PartName = Literal["kafka", "postgres"]
CHECKOUT = Path(__file__).parents[2]
# A first run fetches Kafka's jars before the broker starts.
START_DEADLINE_SECONDS = 600.0
STOP_DEADLINE_SECONDS = 30.0


@dataclass(frozen=True)
class BrokerAddress:
    """A running broker: where, which, and what it can."""

    name: str
    bootstrap: str
    idempotent: bool
    durable: bool
    why: str


@dataclass(frozen=True)
class PostgresAddress:
    """A running PostgreSQL server; `url` is libpq's, with the password, of a database of no interest."""

    name: str
    url: str


@contextmanager
def shared_parts() -> Iterator[Path]:
    """For the run's first process: a directory whose parts live until the end of the `with` block."""
    directory = Path(tempfile.mkdtemp(prefix="ledgerhook-run-"))
    try:
        with _run_lock(directory).open("w") as lock:
            # POSIX locks belong to the process: a fork does not inherit them and the kernel frees them at our end.
            fcntl.lockf(lock, fcntl.LOCK_EX)
            try:
                yield directory
            finally:
                _ended(directory).touch()
    finally:
        for started in directory.glob("*.keeper"):
            with started.open("w") as keeper:
                _lock_by(keeper, time.monotonic() + STOP_DEADLINE_SECONDS)
        shutil.rmtree(directory, ignore_errors=True)


def shared_broker(directory: Path) -> BrokerAddress:
    """The run's broker, started now if nobody has needed it yet.

    Raises:
        PartUnavailableError: it cannot start here; one line says why.
    """
    return BrokerAddress(**_ask(directory, "kafka"))


def shared_postgres(directory: Path) -> PostgresAddress:
    """The run's PostgreSQL server, as `shared_broker`."""
    return PostgresAddress(**_ask(directory, "postgres"))


def started_parts(directory: Path) -> list[str]:
    """The names of the parts that the run has used, for its report."""
    return [json.loads(told.read_text())["name"] for told in sorted(directory.glob("*.json"))]


def keep(part: PartName, directory: Path) -> None:
    """The keeper: start the part, tell where it is, stop it when the run's lock is free."""
    with (directory / f"{part}.keeper").open("w") as mine:
        fcntl.lockf(mine, fcntl.LOCK_EX)
        match part:
            case "kafka":
                why = choose().why
                with kafka_protocol_broker() as broker:
                    told = BrokerAddress(broker.name, broker.bootstrap, broker.idempotent, broker.durable, why)
                    _tell(directory, part, told)
                    _wait_for_end(directory)
            case "postgres":
                with postgresql() as url:
                    _tell(directory, part, PostgresAddress(_postgres_name(url), url))
                    _wait_for_end(directory)
            case _:
                assert_never(part)


def _ask(directory: Path, part: PartName) -> dict[str, Any]:
    told, refused = directory / f"{part}.json", directory / f"{part}.refused"
    with (directory / f"{part}.asked").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one process starts it, the others wait here
        if not told.exists() and not refused.exists():
            _start_keeper(directory, part)
    if refused.exists():
        raise PartUnavailableError(refused.read_text())
    address: dict[str, Any] = json.loads(told.read_text())
    return address


def _start_keeper(directory: Path, part: PartName) -> None:
    log = directory / f"{part}.log"
    with log.open("w") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tools.parts", "keep", part, str(directory)],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the run; the run's end ends the keeper
        )
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while not (directory / f"{part}.json").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.terminate()
            keeper.wait()
            (directory / f"{part}.refused").write_text(log.read_text().strip() or f"{part} did not start")
            return
        time.sleep(0.05)
    # It outlives this process on purpose, and is waited for by the run's first one: nothing to complain about.
    keeper.returncode = 0


def _tell(directory: Path, part: PartName, address: BrokerAddress | PostgresAddress) -> None:
    whole = directory / f"{part}.partial"
    whole.touch(mode=0o600)
    whole.write_text(json.dumps(asdict(address)))
    whole.rename(directory / f"{part}.json")


def _wait_for_end(directory: Path) -> None:
    with _run_lock(directory).open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
    if not _ended(directory).exists():  # the run was killed: nobody waits for us, and nobody else removes this
        shutil.rmtree(directory, ignore_errors=True)


def _run_lock(directory: Path) -> Path:
    return directory / "run"


def _ended(directory: Path) -> Path:
    return directory / "ended"


def _lock_by(keeper: TextIO, deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            fcntl.lockf(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
        else:
            return


def _postgres_name(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting('server_version')").fetchone()
    version = row[0] if row else "?"
    return f"PostgreSQL {version}, " + ("given" if given_url() else "our own")
