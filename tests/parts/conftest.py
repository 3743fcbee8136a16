"""A directory for temporary files that PostgreSQL's account may enter, as it may enter /tmp."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.parts.room import temporary_directory


@pytest.fixture
def open_room() -> Iterator[Path]:
    """Not pytest's own: those are closed to other accounts, and stay so."""
    with temporary_directory("open") as room:
        room.chmod(0o755)
        yield room
