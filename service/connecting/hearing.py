"""Asking Rutter how connections stand, so that a callback which was lost heals by itself.

One call lists them all, broken ones included; only what is not ready is asked after by itself, for the reason and the
link. Rutter (Connections): `status=any`, else broken ones are hidden.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from schemas.connections import Connection, ConnectionState
from schemas.deliveries import ConnectionMove, ConnectionMoved
from schemas.outcomes import DeferReason, Deferred, Rejected
from service.connecting.reasons import GONE
from service.connecting.wanted import UNCHOSEN
from service.rutter.connections import CompanyInfo, Connections, Listed, Standing
from service.rutter.reading import NotRead
from service.trail import connection_moves, hearing
from service.trail.database import Trail
from service.trail.turns import Turn

AGAIN: Final = timedelta(seconds=60)
"""How long after it was last asked about a connection that is not ready is asked about again."""
STALE: Final = timedelta(minutes=15)
"""And one that is ready."""
TICK: Final = 5.0
"""Seconds between looks at which are to be asked about."""
_MOVES: Final[Mapping[str, ConnectionMove]] = {
    "active": "ready",
    "needs_reauth": "needs_update",
    "disabled": "disabled",
    "unhealthy": "unhealthy",
}
_KNOWN_BY_REASON: Final = ("needs_update", "disabled")


class Hearing:
    """What Rutter says of the connections declared here."""

    def __init__(self, api: Connections, trail: Trail) -> None:
        self._api = api
        self._trail = trail

    async def for_ever(self, turn: Turn, chance: Callable[[], float]) -> None:
        """Ask whenever it is time and our turn, a little later each time, so that many do not ask at once.

        `chance`: from 0 up to 1.
        """
        clock = self._trail.clock
        while True:
            now = clock.now()
            later = 1.0 + chance() / 4
            asked = hearing.Ages(now - AGAIN * later, now - STALE * later)
            if await turn.mine() and await self._trail.read(lambda c, asked=asked: hearing.is_time(c, asked)):  # type: ignore[misc]  # bound now
                await self.ask_all()
            await clock.sleep(TICK * later)

    async def ask_all(self) -> bool:
        """Ask about every connection; whether Rutter answered."""
        listed = await self._api.connections()
        here = await self._trail.run(lambda c: hearing.asked(c, self._trail.keys, self._trail.clock.now()))
        if not isinstance(listed, tuple):
            return False
        by_id = {one.id: one for one in listed}
        for connection in here:
            await self._heard(connection, by_id.get(connection.rutter_id))
        return True

    async def ask(self, connection: Connection, link_url: str | None = None) -> None:
        """Ask about one; `link_url` where its page is known already. Without an answer nothing moves."""
        told = await self._api.status(connection.access_token)
        if isinstance(told, Standing):
            await self._move(connection, _of_standing(told), told.disabled_reason, told.link_url or link_url)
            await self._learn(connection, told.platform)
        elif link_url is not None:
            await self._move(connection, None, None, link_url)

    async def _heard(self, connection: Connection, listed: Listed | None) -> None:
        """As listed; what is broken or not listed at all is asked about by itself."""
        if listed is None and connection.state is ConnectionState.PAUSED:
            return
        if listed is None:
            told = await self._api.status(connection.access_token)
            if _unknown(told):
                await self._move(connection, "disabled", GONE, None)
            return
        move = _MOVES.get(listed.status or "")
        if move in _KNOWN_BY_REASON:
            await self.ask(connection, listed.link_url)
            return
        await self._move(connection, move, None, listed.link_url)
        await self._learn(connection, listed.platform)

    async def _move(
        self, connection: Connection, move: ConnectionMove | None, why: str | None, link: str | None
    ) -> None:
        now, rutter_id = self._trail.clock.now(), connection.rutter_id
        if link is not None:
            await self._trail.run(lambda c: hearing.link(c, connection.alias, link))
        if move is not None:
            moved = ConnectionMoved(rutter_connection_id=rutter_id, move=move, reason=why, link_url=link)
            await self._trail.run(lambda c: connection_moves.moved_by_rutter(c, moved, now))

    async def _learn(self, connection: Connection, platform: str | None) -> None:
        """What was not known when it was linked: the platform that its owner chose, and the home currency."""
        currency = connection.home_currency
        if currency is None:
            info = await self._api.company_info(connection.access_token)
            currency = info.home_currency if isinstance(info, CompanyInfo) else None
        chosen = platform if connection.platform == UNCHOSEN else None
        if chosen is not None or (currency is not None and connection.home_currency is None):
            await self._trail.run(lambda c: hearing.learn(c, connection.alias, chosen, currency))


def _of_standing(told: Standing) -> ConnectionMove | None:
    if told.is_disabled:
        return "disabled"
    if told.needs_update:
        return "needs_update"
    if told.is_ready:
        return "ready"
    return None


def _unknown(told: Standing | NotRead) -> bool:
    """Whether Rutter says that it does not know this token: refused for good, not merely unreachable or unwell."""
    if isinstance(told, Deferred):
        return told.reason is DeferReason.CREDENTIALS
    return isinstance(told, Rejected)
