"""Which connections' work became due in this transaction: told to others after it commits."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import ARRAY, Connection, Text, bindparam, func, select

CHANNEL: Final = "ledgerhook_due"
"""PostgreSQL: what other processes listen to; the payload is an alias."""
_MARKS: Final = "ledgerhook_due"
_NOTIFY: Final = select(
    func.pg_notify(CHANNEL, func.unnest(bindparam("aliases", type_=ARRAY(Text()))).column_valued("alias"))
)


def mark_due(c: Connection, aliases: Iterable[str]) -> None:
    """Note that work of these connections became due."""
    c.info.setdefault(_MARKS, set()).update(aliases)


def take_marks(c: Connection) -> set[str]:
    """The aliases noted since the last take."""
    marks: set[str] = c.info.pop(_MARKS, set())
    return marks


def notify(c: Connection, aliases: Iterable[str]) -> None:
    """PostgreSQL: tell the other processes, when this transaction commits."""
    if aliases:
        c.execute(_NOTIFY, {"aliases": sorted(aliases)})
