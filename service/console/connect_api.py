"""The API of connecting: connections and how they stand, a link to send, Link's public token, what was noticed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.connecting.linking import Linked, NotLinked
from service.connecting.wanted import Wanted, read_wanted
from service.console.answering import says
from service.console.desk import AdminDesk, LinkDesk
from service.console.forms import asked, asked_number, read_json
from service.trail import notices, overview

Answer = Callable[[Request], Awaitable[Response]]
_WANTED: Final = frozenset(Wanted.model_fields)
_MAX_LIMIT: Final = 500


class ConnectApi:
    """`reads` and `acts`: the endpoints by path, GET and POST."""

    def __init__(self, desk: AdminDesk) -> None:
        """One for an app."""
        self._desk = desk
        self.reads: Final[Mapping[str, Answer]] = {"/api/connections": self.connections, "/api/noticed": self.noticed}
        self.acts: Final[Mapping[str, Answer]] = {"/api/connect": self.connect, "/api/connect/token": self.token}

    async def connections(self, _: Request) -> Response:
        """`GET /api/connections`: each with its state, why, and where its owner signs in."""
        seen = await self._desk.trail.read(lambda c: overview.overview(c, self._desk.now()))
        return says({"connections": [asdict(one) for one in seen.connections]})

    async def noticed(self, request: Request) -> Response:
        """`GET /api/noticed`: what people or the platform changed of our documents, newest first."""
        alias, before = asked(request, "connection"), asked_number(request, "before")
        limit = min(asked_number(request, "limit") or notices.PAGE, _MAX_LIMIT)
        page = await self._desk.trail.read(lambda c: notices.noticed(c, alias, before=before, limit=limit))
        return says(page)

    async def connect(self, request: Request) -> Response:
        """`POST /api/connect`: a link to send to the merchant; of a known alias, where its owner signs in again."""
        body = await read_json(request)
        return _linked(await self._link().linking.send(_wanted(body, _WANTED)))

    async def token(self, request: Request) -> Response:
        """`POST /api/connect/token`: a public token of Rutter Link's, from a page of your own."""
        body = await read_json(request)
        token = body.get("public_token")
        if not isinstance(token, str) or not 0 < len(token) <= 1000:
            raise HTTPException(400, "public_token must be a text")
        return _linked(await self._link().linking.take(token, _wanted(body, _WANTED | {"public_token"})))

    def _link(self) -> LinkDesk:
        if self._desk.link is None:
            raise HTTPException(501, "Rutter's credentials are not set")
        return self._desk.link


def _wanted(body: dict[str, Any], known: frozenset[str]) -> Wanted:
    unknown = sorted(set(body) - known)
    if unknown:
        raise HTTPException(400, f"no such field: {unknown[0][:60]}")
    wanted = read_wanted({name: body[name] for name in _WANTED & set(body)})
    if isinstance(wanted, str):
        raise HTTPException(400, wanted)
    return wanted


def _linked(answer: Linked | NotLinked) -> Response:
    if isinstance(answer, NotLinked):
        raise HTTPException(409, answer.reason)
    return says(answer)
