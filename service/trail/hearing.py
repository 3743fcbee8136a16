"""What Rutter says of a connection when it is asked: when that was, its link, its platform, its currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import and_, or_, select, update

from schemas.connections import Connection
from service.connecting.wanted import UNCHOSEN
from service.sealing import KeyRing
from service.trail import connections as configured
from service.trail import looks
from service.trail.noticing_tables import looks as looks_table
from service.trail.tables import connections

STANDING: Final = "standing"
"""What of a connection is looked at."""


@dataclass(frozen=True, slots=True)
class Ages:
    """What was asked about before these times is asked about again: connections that are not ready, and all others."""

    not_ready: datetime
    others: datetime


def is_time(c: DatabaseConnection, ages: Ages) -> bool:
    """Whether any connection is to be asked about. What a person has paused is not waited for.

    One whose platform its owner has chosen since is asked about at once: until then it is planned for as unknown.
    """
    asked = and_(looks_table.c.connection == connections.c.alias, looks_table.c.what == STANDING)
    broken = connections.c.state.in_(("waiting", "needs_update", "disabled"))
    chosen = and_(
        connections.c.platform == UNCHOSEN, connections.c.state == "ready", looks_table.c.at <= connections.c.updated_at
    )
    old = or_(
        looks_table.c.at.is_(None),
        chosen,
        looks_table.c.at <= ages.others,
        and_(broken, looks_table.c.at <= ages.not_ready),
    )
    due = select(connections.c.alias).select_from(connections.outerjoin(looks_table, asked)).where(old).limit(1)
    return c.execute(due).first() is not None


def asked(c: DatabaseConnection, keys: KeyRing, now: datetime) -> Sequence[Connection]:
    """All connections with their tokens, noted as asked about now."""
    aliases = list(c.execute(select(connections.c.alias).order_by(connections.c.alias)).scalars())
    looks.looked(c, aliases, STANDING, now)
    found = (configured.connection(c, keys, alias) for alias in aliases)
    return [one for one in found if one is not None and one.access_token]


def link(c: DatabaseConnection, alias: str, url: str) -> None:
    """Where its owner signs in."""
    differs = connections.c.link_url.is_distinct_from(url)
    c.execute(update(connections).where(connections.c.alias == alias, differs).values(link_url=url))


def learn(c: DatabaseConnection, alias: str, platform: str | None, home_currency: str | None) -> None:
    """What was not known when it was linked."""
    told = {"platform": platform, "home_currency": home_currency}
    values = {name: value for name, value in told.items() if value is not None}
    c.execute(update(connections).where(connections.c.alias == alias).values(**values))
