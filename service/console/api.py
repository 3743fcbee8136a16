"""The API: the console's answers as JSON, for programs, behind the bearer token."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schemas import exact_json
from service.console.access import Access
from service.console.answering import says
from service.console.desk import AdminDesk, ReplayAsk
from service.console.forms import asked, asked_number, read_json
from service.console.pages import RECENT, documents_asked
from service.console.rendering import HERE
from service.console.settled import Settled
from service.faults import passes
from service.trail import documents, finding, overview, parked, releasing, stories, tie_out

DOCUMENT: Final = (HERE / "openapi.json").read_bytes()
_MAX_LIMIT: Final = 500
_MAX_KEYS: Final = 1000
_REPLAY_FIELDS: Final = frozenset(ReplayAsk.__slots__)


class Api:
    """Its endpoints; `guarded` puts the token before them."""

    def __init__(self, desk: AdminDesk, access: Access, settled: Settled) -> None:
        """One for an app."""
        self._desk = desk
        self._access = access
        self._settled = settled

    def guarded(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """With the token; reading also within a console session."""

        async def endpoint(request: Request) -> Response:
            reading = request.method in ("GET", "HEAD") and self._access.session(request) is not None
            try:
                if not (reading or self._access.bears(request)):
                    refused = says({"error": "the admin token is needed, as Authorization: Bearer"}, 401)
                    refused.headers["www-authenticate"] = 'Bearer realm="ledgerhook"'
                    return refused
                return await answer(request)
            except HTTPException as error:
                refused = says({"error": error.detail}, error.status_code)
                refused.headers.update(error.headers or {})
                return refused
            except Exception as error:
                if not passes(error):
                    raise
                return says({"error": "the trail cannot be read now"}, 503)

        return endpoint

    async def document(self, _: Request) -> Response:
        """`GET /api/openapi.json`."""
        return Response(DOCUMENT, media_type="application/json")

    async def overview(self, _: Request) -> Response:
        """`GET /api/overview`."""
        since = self._desk.now() - RECENT
        return says(await self._desk.trail.read(lambda c: overview.overview(c, since, self._settled.counts(c))))

    async def parked(self, request: Request) -> Response:
        """`GET /api/parked`."""
        alias = asked(request, "connection")
        return says(await self._desk.trail.read(lambda c: parked.parked(c, alias)))

    async def release(self, request: Request) -> Response:
        """`POST /api/release`."""
        body = await read_json(request)
        fingerprint = _text(body, "fingerprint")
        keys = body.get("keys", [])
        if not (isinstance(keys, list) and len(keys) <= _MAX_KEYS and all(isinstance(key, str) for key in keys)):
            raise HTTPException(400, f"keys must be a list of at most {_MAX_KEYS} natural keys")
        if not fingerprint and not keys:
            raise HTTPException(400, "say what to release: fingerprint, or keys")
        ask = partial(
            releasing.release,
            now=self._desk.now(),
            fingerprints=[fingerprint] if fingerprint else [],
            keys=keys,
            connection=_text(body, "connection"),
            namespace=_text(body, "namespace"),
        )
        released = await self._desk.trail.run(ask)
        return says({"released": released, "more": len(released) == releasing.AT_ONCE})

    async def documents(self, request: Request) -> Response:
        """`GET /api/documents`."""
        limit = min(asked_number(request, "limit") or documents.PAGE, _MAX_LIMIT)
        ask, before = documents_asked(request), asked_number(request, "before")
        return says(await self._desk.trail.read(lambda c: documents.documents(c, ask, before=before, limit=limit)))

    async def stories(self, request: Request) -> Response:
        """`GET /api/stories`: what a text names."""
        text = asked(request, "text")
        if text is None:
            raise HTTPException(400, "text is needed: an order, a natural key, a document number, an id")
        return says({"stories": await self._desk.trail.read(lambda c: finding.find(c, text))})

    async def story(self, request: Request) -> Response:
        """`GET /api/story`: one whole story."""
        alias, namespace = asked(request, "connection") or "", asked(request, "namespace") or ""
        order, key = asked(request, "order"), asked(request, "key")
        if (order is None) == (key is None):
            raise HTTPException(400, "give order or key, and the connection and namespace it is in")
        found = await self._desk.trail.read(
            lambda c: (
                stories.story_of_order(c, alias, namespace, order)
                if order is not None
                else stories.story_of_fact(c, alias, namespace, key or "")
            )
        )
        if found is None:
            raise HTTPException(404, "nothing of it was told here")
        return says(found)

    async def tie_out(self, request: Request) -> Response:
        """`GET /api/tie-out`."""
        alias = asked(request, "connection")
        ties = await self._desk.trail.read(lambda c: tie_out.tie_out(c, alias))
        return says({"tie_out": [tie_out.as_values(tie) for tie in ties]})

    async def replay(self, request: Request) -> Response:
        """`POST /api/replay`."""
        ask = _replay_ask(await read_json(request))
        if self._desk.replay is None:
            raise HTTPException(501, "this process cannot replay")
        return says(await self._desk.replay(ask))


def _replay_ask(body: dict[str, Any]) -> ReplayAsk:
    unknown = sorted(set(body) - _REPLAY_FIELDS)
    if unknown:
        raise HTTPException(400, f"no such field: {unknown[0][:60]}")
    dry_run = body.get("dry_run", False)
    if not isinstance(dry_run, bool):
        raise HTTPException(400, "dry_run must be true or false")
    ask = ReplayAsk(
        delivery=_text(body, "delivery"),
        order=_text(body, "order"),
        source=_text(body, "source"),
        type=_text(body, "type"),
        since=_time(body, "since"),
        until=_time(body, "until"),
        dry_run=dry_run,
    )
    if not (ask.delivery or ask.order or ask.source or ask.type or ask.since or ask.until):
        raise HTTPException(400, "say what to replay: delivery, order, source, type, since or until")
    return ask


def _text(body: dict[str, exact_json.Json], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not (isinstance(value, str) and len(value) <= 1000 and "\x00" not in value):
        raise HTTPException(400, f"{name} must be a text")
    return value or None


def _time(body: dict[str, Any], name: str) -> datetime | None:
    text = _text(body, name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise HTTPException(400, f"{name} must be an RFC 3339 time") from None
    if at.tzinfo is None:
        raise HTTPException(400, f"{name} needs a time zone")
    return at
