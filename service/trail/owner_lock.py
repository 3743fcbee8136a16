"""One owner of an SQLite trail: a lock on a file beside it, which the system gives back when the process ends."""

import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def own(database: Path) -> IO[bytes] | None:
    """The lock, held until the file given is closed; None when another process has it."""
    file = database.with_name(database.name + ".lock").open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file
