"""Declaring what a configuration file says in the trail, all of it or nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.configuration.file import Declarations
from service.sealing import KeyRing
from service.trail import connections, sources
from service.trail.changes import Declared, Mismatch


class _MismatchError(Exception):
    """Ends the transaction, so that nothing of the file is declared."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("a declaration does not fit")
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Applied:
    """What each declaration came to."""

    declared: tuple[Declared, ...]


def declare(c: Connection, keys: KeyRing, wanted: Declarations, now: datetime) -> Applied:
    """Declare connections, then sources.

    Raises:
        _MismatchError: as `mismatches` reads it; the transaction is undone.
    """
    answers = [connections.declare(c, keys, one, now) for one in wanted.connections]
    answers += [sources.declare(c, keys, one, now) for one in wanted.sources]
    wrong = tuple(answer.reason for answer in answers if isinstance(answer, Mismatch))
    if wrong:
        raise _MismatchError(wrong)
    return Applied(tuple(answer for answer in answers if isinstance(answer, Declared)))


def mismatches(error: Exception) -> tuple[str, ...] | None:
    """The lines for people, when the error is about the file; None when it is about something else."""
    return error.lines if isinstance(error, _MismatchError) else None
