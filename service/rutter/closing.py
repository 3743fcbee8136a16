"""The closing date of a merchant's books, where Rutter tells it. Fits `consumers.posting.closed.Closing`.

Rutter: Get company info, additional_fields.closing_date; the platforms that have it are in the capability table.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, Protocol

from consumers.ports import Clock
from schemas.connections import Connection
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform
from service.rutter.reading import Reading

_NEVER: Final = datetime.fromtimestamp(0, UTC)
_LOG: Final = logging.getLogger(__name__)


class ClosingStore(Protocol):
    """Where it is kept: the trail."""

    async def closing_told(self, alias: str, through: date | None) -> bool:
        """Whether that is another day than was kept."""
        ...


@dataclass(slots=True)
class _Asked:
    at: datetime = _NEVER
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class ClosingDates:
    """Asks for one connection once at a time; who comes meanwhile takes the same answer."""

    def __init__(self, reading: Reading, store: ClosingStore, clock: Clock) -> None:
        self._reading = reading
        self._store = store
        self._clock = clock
        self._asked: dict[str, _Asked] = {}

    async def refresh(self, connection: Connection, *, older_than: datetime) -> bool:
        """Read it anew if it was last asked for before that, also in vain; whether it moved."""
        if not platform(connection.platform).has(Feature.CLOSING_DATE):
            return False
        asked = self._asked.setdefault(connection.alias, _Asked())
        if asked.at >= older_than:
            return False
        async with asked.turn:
            if asked.at >= older_than:
                return True  # somebody has just asked: whether it moved for us is seen when we plan again
            begun = self._clock.now()
            value = await self._reading.get(connection, "/accounting/company_info")
            asked.at = begun
            if not isinstance(value, dict):
                _LOG.warning("the closing date of %s cannot be read", connection.alias)
                return False
            return await self._store.closing_told(connection.alias, _closing_date(value))


def _closing_date(told: dict[str, object]) -> date | None:
    """None where the books are open throughout, or what is told is no day."""
    info = told.get("company_info")
    extra = info.get("additional_fields") if isinstance(info, dict) else None
    text = extra.get("closing_date") if isinstance(extra, dict) else None
    if not isinstance(text, str):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
