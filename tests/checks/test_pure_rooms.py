"""No clock, chance, environment or socket in the pure rooms, and ruff sees each of them planted."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

RUFF = Path(sys.executable).with_name("ruff")
PLANTED = {
    "time.time": "import time\nNOW = time.time()\n",
    "time.monotonic": "from time import monotonic\nNOW = monotonic()\n",
    "time.perf_counter": "import time\nNOW = time.perf_counter()\n",
    "datetime.datetime.now": "from datetime import UTC, datetime\nNOW = datetime.now(tz=UTC)\n",
    "datetime.datetime.utcnow": "import datetime\nNOW = datetime.datetime.utcnow()\n",
    "datetime.datetime.today": "from datetime import datetime\nNOW = datetime.today()\n",
    "random": "import random\nX = random.random()\n",
    "secrets": "from secrets import token_hex\nX = token_hex()\n",
    "uuid.uuid4": "import uuid\nX = uuid.uuid4()\n",
    "uuid.uuid1": "from uuid import uuid1\nX = uuid1()\n",
    "os": "import os\nX = os.environ\n",
    "socket": "import socket\n",
    "starlette": "from starlette.requests import Request\n",
    "uvicorn": "import uvicorn\n",
    "aiokafka": "import aiokafka\n",
    "httpx": "import httpx\n",
    "sqlalchemy": "from sqlalchemy import select\n",
    "sqlite3": "import sqlite3\n",
    "psycopg": "import psycopg\n",
}


def banned_in(tree: Path, *where: str) -> list[tuple[str, str]]:
    """Each banned name that ruff finds, as (file, message)."""
    command = [str(RUFF), "check", "--no-cache", "--select", "TID251", "--output-format", "json", *where]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return [
        (str(Path(found["filename"]).relative_to(tree.resolve())), found["message"]) for found in json.loads(run.stdout)
    ]


def test_the_pure_rooms_are_clean(tree: Path) -> None:
    assert banned_in(tree, "schemas", "handlers", "consumers") == []


@pytest.mark.parametrize("room", ["schemas", "handlers", "consumers"])
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_one_is_caught(tree: Path, room: str, name: str) -> None:
    (tree / room / "planted.py").write_text(PLANTED[name])
    found = banned_in(tree, f"{room}/planted.py")
    assert found, f"{name} in {room}/ went unseen"
    assert {file for file, _ in found} == {f"{room}/planted.py"}
    assert f"`{name}` is banned" in found[0][1]


def test_the_shell_may_use_them(tree: Path) -> None:
    (tree / "service" / "planted.py").write_text("".join(PLANTED.values()))
    assert banned_in(tree, "service/planted.py") == []


def test_every_banned_name_is_planted_here(tree: Path) -> None:
    config = tomllib.loads((tree / "pyproject.toml").read_text())
    banned = config["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert set(PLANTED) == set(banned)
