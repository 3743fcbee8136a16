"""The moves of a connection's state. A person's pause stands over what others tell until a person ends it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy import Connection as DatabaseConnection

from schemas.connections import ConnectionState
from schemas.deliveries import ConnectionMove, ConnectionMoved
from service.trail import outbox
from service.trail.due_marks import mark_due
from service.trail.tables import connections

_MOVES: Final[dict[ConnectionMove, ConnectionState | None]] = {
    "ready": ConnectionState.READY,
    "authenticated": ConnectionState.READY,
    "needs_update": ConnectionState.NEEDS_UPDATE,
    "disabled": ConnectionState.DISABLED,
    "unhealthy": None,
}
_PAUSED: Final = ConnectionState.PAUSED.value
_Row = Row[*tuple[Any, ...]]


def move(
    c: DatabaseConnection,
    alias: str,
    state: ConnectionState,
    reason: str | None,
    now: datetime,
    *,
    link_url: str | None = None,
) -> None:
    """Set the state and tell it, when it is another one. Of a paused connection it is noted, and holds once resumed."""
    row = _locked(c, connections.c.alias == alias)
    if row is not None:
        _set(c, row, _moved(row, state, reason, link_url), now)


def resume(c: DatabaseConnection, alias: str, now: datetime) -> ConnectionState | None:
    """A person ends the pause: what others told last holds again. Answers that; None where nothing was paused."""
    row = _locked(c, connections.c.alias == alias)
    if row is None or row.state != _PAUSED:
        return None
    state = row.told_state or ConnectionState.READY.value
    _set(c, row, {"state": state, "state_reason": row.told_reason, "told_state": None, "told_reason": None}, now)
    return ConnectionState(state)


def moved_by_rutter(c: DatabaseConnection, moved: ConnectionMoved, now: datetime) -> None:
    """What Rutter tells of a connection. The unknown is passed over."""
    row = _locked(c, connections.c.rutter_id == moved.rutter_connection_id)
    state = _MOVES[moved.move]
    if row is None or state is None:
        return
    stands = row.told_state if row.state == _PAUSED else row.state
    if moved.move == "authenticated" and stands == ConnectionState.WAITING:
        return
    _set(c, row, _moved(row, state, moved.reason, moved.link_url), now)


def _locked(c: DatabaseConnection, which: ColumnElement[bool]) -> _Row | None:
    return c.execute(select(connections).where(which).with_for_update()).one_or_none()


def _moved(row: _Row, state: ConnectionState, reason: str | None, link_url: str | None) -> dict[str, str | None]:
    """The columns that change. A link that is not told stays: it is the connection's for good."""
    link_url = link_url or row.link_url
    if state is not ConnectionState.PAUSED:
        if row.state == _PAUSED:
            return {"told_state": state.value, "told_reason": reason, "link_url": link_url}
        return {"state": state.value, "state_reason": reason, "link_url": link_url}
    if row.state == _PAUSED:
        return {"state_reason": reason}
    return {"state": _PAUSED, "state_reason": reason, "told_state": row.state, "told_reason": row.state_reason}


def _set(c: DatabaseConnection, row: _Row, values: Mapping[str, str | None], now: datetime) -> None:
    if all(getattr(row, name) == value for name, value in values.items() if name != "link_url"):
        return
    made = c.execute(
        update(connections)
        .where(connections.c.alias == row.alias)
        .values(**values, updated_at=now)
        .returning(connections)
    ).one()
    data: dict[str, Any] = {"state": made.state, "reason": made.state_reason}
    if made.state == _PAUSED:
        data["told"] = {"state": made.told_state, "reason": made.told_reason}
    outbox.tell(c, outbox.CONNECTIONS, f"connection.{made.state}", made.alias, subject=made.alias, at=now, data=data)
    mark_due(c, {made.alias})
