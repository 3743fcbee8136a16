"""Connecting books: the page that opens Rutter Link, the link to send instead, and how a new connection comes along."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import available_timezones

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schemas.connections import ConnectionState
from schemas.platforms.registry import PLATFORMS
from service.connecting.linking import Linked, Linking, NotLinked
from service.connecting.reasons import in_words
from service.connecting.wanted import Wanted, read_wanted
from service.console.answering import says
from service.console.desk import LinkDesk
from service.console.forms import asked
from service.console.room import Room, see
from service.trail import overview

_ASKED: Final = ("alias", "time_zone", "platform")
_LONGEST_TOKEN: Final = 1000
_UNSET: Final = "Rutter's credentials are not set: LEDGERHOOK_RUTTER_CLIENT_ID and LEDGERHOOK_RUTTER_CLIENT_SECRET."


async def connect_page(room: Room, request: Request) -> Response:
    """`GET /connect`: what to call the books, and the button that opens Rutter Link."""
    return await _page(room, request)


async def take_form(room: Room, request: Request) -> Response:
    """`POST /connect`: the public token that Link gave to the page. Answers JSON, where to go on."""
    fields = await room.form(request)
    wanted = _wanted(fields)
    if isinstance(wanted, str):
        return says({"error": wanted, "spent": False}, 400)
    token = fields.get("public_token", "")
    if not 0 < len(token) <= _LONGEST_TOKEN:
        return says({"error": "there is no public token of Rutter Link's", "spent": True}, 400)
    answer = await _linking(room).take(token, wanted)
    if isinstance(answer, NotLinked):
        return says({"error": answer.reason, "spent": answer.spent}, 409)
    return says({"next": _progress(answer.alias)})


async def send_form(room: Room, request: Request) -> Response:
    """`POST /connect/link`: have Rutter make a link that is sent to the merchant."""
    return await _act(room, request, lambda linking, wanted, _: linking.send(wanted))


async def adopt_form(room: Room, request: Request) -> Response:
    """`POST /connect/listed`: declare what is linked at Rutter already."""
    return await _act(room, request, lambda linking, wanted, fields: linking.adopt(fields.get("rutter_id", ""), wanted))


async def progress_page(room: Room, request: Request) -> Response:
    """`GET /connect/progress`: how far a connection has come, and what it waits for."""
    alias = asked(request, "connection") or ""
    seen = await room.read(request, lambda c: overview.overview(c, room.desk.now()))
    one = next((one for one in seen.connections if one.alias == alias), None)
    if one is None:
        raise HTTPException(404, "There is no such connection.")
    stands = one.told_state or one.state if one.state == ConnectionState.PAUSED else one.state
    sources = [source for source in seen.sources if source.connection == alias]
    why = in_words(one.told_reason if one.state == ConnectionState.PAUSED else one.reason)
    return room.show(request, "connect_progress.html", one=one, stands=stands, why=why, sources=sources)


async def _act(room: Room, request: Request, act: Any) -> Response:  # noqa: ANN401 (a call on Linking)
    fields = await room.form(request)
    wanted = _wanted(fields)
    answer = NotLinked(wanted) if isinstance(wanted, str) else await act(_linking(room), wanted, fields)
    if isinstance(answer, Linked):
        return see(_progress(answer.alias))
    return await _page(room, request, fields, answer.reason, 409)


async def _page(
    room: Room, request: Request, given: Mapping[str, str] | None = None, problem: str | None = None, status: int = 200
) -> Response:
    """The page; after a form that could not be taken with what was given and why."""
    await room.read(request, overview.aliases)
    link = room.desk.link
    listed = await link.linking.undeclared() if link is not None else ()
    return room.show(
        request,
        "connect.html",
        status,
        link=link,
        unset=_UNSET if link is None else None,
        listed=() if isinstance(listed, NotLinked) else listed,
        unlisted=listed.reason if isinstance(listed, NotLinked) else None,
        platforms=sorted((one.link_name, one.title) for one in PLATFORMS.values()),
        zones=sorted(available_timezones()),
        given={name: (given or {}).get(name, "") for name in (*_ASKED, "rutter_id")},
        problem=problem,
    )


def _wanted(fields: Mapping[str, str]) -> Wanted | str:
    return read_wanted({name: fields[name] for name in _ASKED if fields.get(name)})


def _linking(room: Room) -> Linking:
    return _link(room).linking


def _link(room: Room) -> LinkDesk:
    if room.desk.link is None:
        raise HTTPException(501, _UNSET)
    return room.desk.link


def _progress(alias: str) -> str:
    return f"/connect/progress?{urlencode({'connection': alias}, quote_via=quote)}"
