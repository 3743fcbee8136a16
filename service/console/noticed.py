"""What was noticed: documents of ours that a person or the platform changed in the books."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from service.console.forms import asked, asked_number
from service.console.room import Room
from service.trail import notices, overview


async def noticed_page(room: Room, request: Request) -> Response:
    """`/noticed`: newest first, ours beside what the books show."""
    alias, before = asked(request, "connection"), asked_number(request, "before")
    seen, aliases = await room.read(request, lambda c: (notices.noticed(c, alias, before=before), overview.aliases(c)))
    given = {"connection": alias} if alias else {}
    older = urlencode(given | {"before": str(seen.before)}) if seen.before is not None else None
    return room.show(request, "noticed.html", seen=seen, aliases=aliases, connection=alias, older=older)
