"""Reading from Rutter for one connection: single objects, and lists page by page."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from consumers.ports import Clock
from schemas import exact_json
from schemas.connections import Connection
from schemas.outcomes import DeferReason, Deferred, Rejected, Unknown
from service.rutter.quota import Turns
from service.rutter.replies import Asked, outcome_of_read
from service.rutter.transport import Answer, Call, Lost, NotSent, Transport

_LONGEST_CURSOR: Final = 4000

NotRead = Deferred | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `complete`: no further page follows."""

    objects: tuple[dict[str, Any], ...]
    complete: bool


class Reading:
    """GETs, each taking a turn of the connection's quota unless the caller has taken it already."""

    def __init__(self, transport: Transport, turns: Turns, clock: Clock) -> None:
        self._transport = transport
        self._turns = turns
        self._clock = clock

    async def get(
        self,
        connection: Connection,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        turn: bool = True,
        token: bool = True,
    ) -> dict[str, Any] | NotRead:
        """One JSON object, or why it could not be read. `token`: whether the endpoint belongs to a connection."""
        if turn:
            await self._turns.turn(connection)
        secrets = {"access_token": connection.access_token} if token else {}
        reply = await self._transport.send(Call(method="GET", path=path, query={**(query or {}), **secrets}))
        return self.understood(connection, reply)

    def understood(self, connection: Connection, reply: Answer | NotSent | Lost) -> dict[str, Any] | NotRead:
        """The object in a 2xx, else what stands in its way; the connection's quota learns from it."""
        if isinstance(reply, NotSent):
            return Deferred(reason=DeferReason.UNAVAILABLE)
        if isinstance(reply, Lost):
            return Unknown(reason=f"reading: {reply.reason}")
        if not 200 <= reply.status < 300:
            secrets = (*self._transport.settings.secrets, connection.access_token)
            asked = Asked(kind=None, now=self._clock.now(), secrets=secrets)
            refused = outcome_of_read(asked, reply.status, reply.headers, reply.body)
            return self.noticed(connection, refused) if isinstance(refused, Deferred) else refused
        self._turns.went_well(connection)
        value = exact_json.loads(reply.body)
        if isinstance(value, exact_json.BadJson) or not isinstance(value, dict):
            return Unknown(reason="reading: an unreadable answer", status=reply.status)
        return value

    def noticed(self, connection: Connection, deferred: Deferred) -> Deferred:
        """Tell the connection's quota of a refusal; it says when to come back where Rutter did not."""
        if deferred.reason is not DeferReason.QUOTA:
            return deferred
        return replace(deferred, retry_at=self._turns.refused(connection, deferred.retry_at))

    async def pages(
        self, connection: Connection, path: str, plural: str, query: Mapping[str, str], *, turn: bool = True
    ) -> AsyncIterator[Page | NotRead]:
        """The pages of a list, in order; ends after a page that is complete, or after what stands in the way."""
        asked = {**query, "limit": str(self._transport.settings.page_limit)}
        while True:
            value = await self.get(connection, path, asked, turn=turn)
            if not isinstance(value, dict):
                yield value
                return
            objects, cursor = value.get(plural), value.get("next_cursor")
            if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
                yield Unknown(reason=f"reading: a page without its {plural}")
                return
            if cursor is not None and not (isinstance(cursor, str) and len(cursor) <= _LONGEST_CURSOR):
                yield Unknown(reason="reading: a cursor that cannot be followed")
                return
            if cursor and cursor == asked.get("cursor"):
                yield Unknown(reason="reading: the same page again and again")
                return
            yield Page(tuple(objects), complete=not cursor)
            if not cursor:
                return
            asked["cursor"] = cursor
            turn = True
