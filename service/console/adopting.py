"""Adopting: pairs of an event and a document in the books that may be the same; a person links or dismisses each."""

from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.adopting import deciding
from service.console.forms import asked
from service.console.room import Room, see
from service.trail import doubts, overview


async def doubts_page(room: Room, request: Request) -> Response:
    """`/adopting`: both sides of each pair, and why."""
    alias = asked(request, "connection")
    seen, aliases = await room.read(request, lambda c: (doubts.waiting(c, alias), overview.aliases(c)))
    return room.show(request, "adopting.html", seen=seen, aliases=aliases, connection=alias, most=doubts.SHOWN)


async def decide_form(room: Room, request: Request) -> Response:
    """`POST /adopting/decide`: they are the same, or two."""
    fields = await room.form(request)
    named = [fields.get(name, "") for name in ("connection", "namespace", "key", "rutter_id")]
    linked = fields.get("decision") == "link"
    if not linked and fields.get("decision") != "dismiss":
        raise HTTPException(400, "Link it, or dismiss it.")
    now = room.desk.now()

    def decide(c: Connection) -> str:
        doubt = doubts.one(c, *named)
        if doubt is None:
            return "Somebody has decided that already."
        if not linked:
            deciding.dismiss(c, doubt, now)
            return f"Dismissed: {doubt.rutter_id} is not {doubt.key}."
        refused = deciding.link(c, doubt, now)
        return f"Linked: {doubt.key}." if refused is None else f"Not linked: {refused}."

    told = await room.desk.trail.run(decide)
    return see(f"/adopting?{urlencode({'told': told})}")
