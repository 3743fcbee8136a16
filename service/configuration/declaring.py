"""Declaring what a configuration file says in the trail, all of it or nothing."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection as DatabaseConnection

from schemas.connections import Connection
from schemas.platforms.registry import platform
from service.configuration.file import Declarations
from service.configuration.in_the_books import faults, read_since
from service.configuration.named_things import named_things
from service.configuration.unfit import unfit
from service.sealing import KeyRing
from service.trail import connections, sources
from service.trail.changes import Declared, Mismatch

BELIEVED: Final = timedelta(minutes=10)
"""How old a copy of a list may be for a name to be refused because the copy lacks it."""


class _MismatchError(Exception):
    """Ends the transaction, so that nothing of the file is declared."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("a declaration does not fit")
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Applied:
    """What each declaration came to."""

    declared: tuple[Declared, ...]


def declare(
    c: DatabaseConnection, keys: KeyRing, wanted: Declarations, now: datetime, to_be_made: Collection[str] = ()
) -> Applied:
    """Declare connections, then sources. Where our copy of a list is fresh, names are compared with it.

    `to_be_made`: names that are asked for in the same breath, and so not missed.

    Raises:
        _MismatchError: as `mismatches` reads it; the transaction is undone.
    """
    completed = [_completed(c, keys, one) for one in wanted.connections]
    wrong = [line for one in completed for line in _wrong(c, one, now, to_be_made)]
    if wrong:
        raise _MismatchError(tuple(wrong))
    answers = [connections.declare(c, keys, one, now) for one in completed if isinstance(one, Connection)]
    answers += [sources.declare(c, keys, one, now) for one in wanted.sources]
    refused = tuple(answer.reason for answer in answers if isinstance(answer, Mismatch))
    if refused:
        raise _MismatchError(refused)
    return Applied(tuple(answer for answer in answers if isinstance(answer, Declared)))


def completed(wanted: Connection, known: Connection | None) -> Connection | None:
    """With what is known of a connection that is linked already; None where the file needed to say it."""
    if wanted.rutter_id:
        return wanted
    if known is None:
        return None
    return replace(wanted, rutter_id=known.rutter_id, platform=known.platform)


def mismatches(error: Exception) -> tuple[str, ...] | None:
    """The lines for people, when the error is about the file; None when it is about something else."""
    return error.lines if isinstance(error, _MismatchError) else None


def _completed(c: DatabaseConnection, keys: KeyRing, wanted: Connection) -> Connection | Mismatch:
    known = None if wanted.rutter_id else connections.connection(c, keys, wanted.alias)
    return completed(wanted, known) or Mismatch(
        f"connection {wanted.alias}: not linked yet; give its rutter_connection_id, access_token and platform"
    )


def _wrong(c: DatabaseConnection, one: Connection | Mismatch, now: datetime, to_be_made: Collection[str]) -> list[str]:
    if isinstance(one, Mismatch):
        return [one.reason]
    named = [wanted for wanted in named_things(one.mapping) if wanted.named.name not in to_be_made]
    found = (
        *unfit(one.mapping, platform(one.platform)),
        *faults(c, one.alias, named, read_since(c, one.alias, now - BELIEVED)),
    )
    return [f"connections.{one.alias}.{fault}" for fault in found]
