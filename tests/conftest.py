"""The real parts that tests share: one broker and one PostgreSQL server a run, a fresh database a test.

Each is started when the first test asks for it, and lives as long as the run, in whichever process it was started.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tools.parts import report
from tools.parts.postgres_databases import fresh_database
from tools.parts.shared import (
    BrokerAddress,
    PostgresAddress,
    shared_broker,
    shared_parts,
    shared_postgres,
    started_parts,
)

os.environ.pop("COLUMNS", None)  # a terminal's width, which xdist passes on: what is captured here is no terminal
if folder := os.environ.pop("LEDGERHOOK_SAMPLES", None):  # named for people; under our prefix it would be a setting
    os.environ["LEDGERHOOK_TEST_SAMPLES"] = folder
PARTS = pytest.StashKey[Path]()
UNTIL_THE_END = pytest.StashKey[ExitStack]()
ON_WORKERS = "ledgerhook_parts"


def pytest_configure(config: pytest.Config) -> None:
    """The run's first process makes the directory; with xdist the workers are told where it is."""
    given: dict[str, str] | None = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[PARTS] = Path(given[ON_WORKERS])
        return
    config.stash[UNTIL_THE_END] = ExitStack()
    config.stash[PARTS] = config.stash[UNTIL_THE_END].enter_context(shared_parts())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Called by xdist for each worker, in the first process."""
    config: pytest.Config = node.config  # type: ignore[attr-defined] # xdist has no types
    node.workerinput[ON_WORKERS] = str(config.stash[PARTS])  # type: ignore[attr-defined] # as above


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after Ctrl-C. After SIGKILL the keepers notice by themselves."""
    if UNTIL_THE_END in config.stash:
        config.stash[UNTIL_THE_END].close()


def pytest_report_header() -> list[str]:
    return report.lines()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    used = started_parts(config.stash[PARTS])
    terminalreporter.write_line(f"parts used by this run: {', '.join(used) if used else 'SQLite only'}")


@pytest.fixture(scope="session")
def kafka_broker(pytestconfig: pytest.Config) -> BrokerAddress:
    """The run's broker. Its topics are everybody's: use names of your own."""
    if (lack := report.broker_lack()) is not None:
        _skip_or_fail(lack)
    return shared_broker(pytestconfig.stash[PARTS])


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresAddress:
    """The run's PostgreSQL server."""
    if (lack := report.postgres_lack()) is not None:
        _skip_or_fail(lack)
    return shared_postgres(pytestconfig.stash[PARTS])


@pytest.fixture
def postgres_url(postgres_server: PostgresAddress) -> Iterator[str]:
    """SQLAlchemy's URL (`postgresql+psycopg://…`) of a fresh, empty database, dropped after the test."""
    with fresh_database(postgres_server.url) as url:
        yield url


def _skip_or_fail(lack: str) -> None:
    """A person's machine may lack a part, and the run says so; CI may not. What is there and fails, fails."""
    if os.environ.get("CI"):
        pytest.fail(lack)
    pytest.skip(lack)
