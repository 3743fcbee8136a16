"""A temporary directory that is gone afterwards, whichever way this process ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.parts.leash import LEASH


@contextmanager
def temporary_directory(name: str, *, inside: Path | None = None) -> Iterator[Path]:
    """Make a directory of our own (mode 700) whose name says what it is for; remove it at the end."""
    directory = Path(tempfile.mkdtemp(prefix=f"ledgerhook-{name}-", dir=inside)).resolve()
    LEASH.hold_directory(directory)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        if not os.path.lexists(directory):
            LEASH.release_directory(directory)
