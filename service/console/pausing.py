"""Pausing a connection and resuming it, from its page."""

from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schemas.connections import ConnectionState
from service.console.room import Room, see
from service.trail import connection_moves, overview

_REASON = "by hand, in the console"


async def pause_form(room: Room, request: Request) -> Response:
    """`POST /connections/pause`: nothing more is posted to it until a person resumes it."""
    alias = await _alias(room, request)
    now = room.desk.now()
    await room.desk.trail.run(lambda c: connection_moves.move(c, alias, ConnectionState.PAUSED, _REASON, now))
    return _back(alias, f"{alias} is paused: what comes is kept and waits.")


async def resume_form(room: Room, request: Request) -> Response:
    """`POST /connections/resume`: what was told of it meanwhile holds then."""
    alias = await _alias(room, request)
    now = room.desk.now()
    state = await room.desk.trail.run(lambda c: connection_moves.resume(c, alias, now))
    if state is None:
        return _back(alias, f"{alias} was not paused.")
    return _back(alias, f"{alias} is resumed, and {state.value.replace('_', ' ')}.")


async def _alias(room: Room, request: Request) -> str:
    alias = (await room.form(request)).get("connection", "")
    if alias not in await room.desk.trail.read(overview.aliases):
        raise HTTPException(404, "There is no such connection.")
    return alias


def _back(alias: str, told: str) -> Response:
    return see(f"/connections?{urlencode({'told': told})}#{quote(alias, safe='')}")
