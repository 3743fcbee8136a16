"""The public app: `POST /webhooks/{source}` and `/health/live`. Few layers, because every delivery pays for each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from prometheus_client import Counter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from service.deadlines import Deadline
from service.web import answers
from service.web.answers import Answer
from service.web.body import Budget, Receive, discard, read_body
from service.web.intake import Intake

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_WEBHOOKS: Final = "/webhooks/"
MAX_BODY: Final = 2 * 1024 * 1024
BODY_SECONDS: Final = 10.0
MAX_AT_ONCE: Final = 2000
MAX_HALF_READ: Final = 64 * 1024 * 1024
"""Bytes of half-read bodies at a time; beyond it, 503."""


def create_public_app(
    intake: Intake, *, max_body: int = MAX_BODY, body_seconds: float = BODY_SECONDS, max_at_once: int = MAX_AT_ONCE
) -> Starlette:
    """The app. Sources are kept fresh while its lifespan runs; without a lifespan they are read when asked for."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        fresh = asyncio.create_task(intake.sources.keep_fresh())
        try:
            yield
        finally:
            fresh.cancel()
            with suppress(asyncio.CancelledError):
                await fresh
            await intake.sources.close()

    webhooks = Webhooks(intake, max_body, body_seconds, max_at_once)
    return PublicApp(webhooks, routes=[Route("/health/live", endpoint=_live)], lifespan=lifespan)


class PublicApp(Starlette):
    """Starlette, but a webhook goes straight to its endpoint: layers and routing cost more than the endpoint's own."""

    def __init__(self, webhooks: "Webhooks", **starlette: Any) -> None:  # noqa: ANN401 - Starlette's own arguments
        """As Starlette, with the endpoint of `/webhooks/{source}`."""
        super().__init__(**starlette)
        self._webhooks = webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the lifespan."""
        if scope["type"] == "http":
            path: str = scope["path"]
            source = path[len(_WEBHOOKS) :]
            if path.startswith(_WEBHOOKS) and source and "/" not in source:
                await self._webhooks.take(source, scope, receive, send)
                return
        await super().__call__(scope, receive, send)


async def _live(_: Request) -> PlainTextResponse:
    return PlainTextResponse("live\n")


class Webhooks:
    """One endpoint for all sources: no request or response objects on the hot path."""

    def __init__(self, intake: Intake, max_body: int, body_seconds: float, max_at_once: int) -> None:
        """`max_at_once` requests are in hand at a time; the next is asked to come again."""
        self._intake = intake
        self._max_body = max_body
        self._body_by = Deadline(body_seconds)
        self._max_at_once = max_at_once
        self._at_once = 0
        self._half_read = Budget(MAX_HALF_READ)
        self._counted: dict[int, Counter] = {}

    async def take(self, source: str, scope: Scope, receive: Receive, send: Send) -> None:
        """One request to `/webhooks/{source}`."""
        if self._at_once >= self._max_at_once:
            await self._answer(answers.BUSY, receive, send)
            return
        self._at_once += 1
        try:
            answer = await self._take(source, scope, receive)
        finally:
            self._at_once -= 1
        if answer is not None:
            await self._answer(answer, receive, send)

    async def _take(self, source: str, scope: Scope, receive: Receive) -> Answer | None:
        if scope["method"] != "POST":
            return await self._other_method(scope, source)
        if _announced(scope) > self._max_body:
            return answers.TOO_LARGE
        body = await read_body(receive, self._max_body, self._body_by, self._half_read)
        if isinstance(body, bytes):
            return await self._intake.accept(source, scope["headers"], body)
        return _WITHOUT_BODY[body.why]

    async def _other_method(self, scope: Scope, source_name: str) -> Answer:
        """OPTIONS is the handshake of CloudEvents' web hooks (HTTP 1.1 Web Hooks for Event Delivery, 4)."""
        if scope["method"] != "OPTIONS":
            return answers.NOT_POST
        source = await self._intake.sources.named(source_name)
        if source is None:
            return answers.UNKNOWN_SOURCE
        if source == "unread":
            return answers.SOURCES_UNREAD
        names = {name for name, _ in scope["headers"]}
        if source.kind != "cloudevents" or b"webhook-request-origin" not in names:
            return answers.NOT_POST
        rate = ((b"webhook-allowed-rate", b"*"),) if b"webhook-request-rate" in names else ()
        return Answer(200, b"", ((b"allow", b"POST"), (b"webhook-allowed-origin", b"*"), *rate))

    async def _answer(self, answer: Answer, receive: Receive, send: Send) -> None:
        counted = self._counted.get(answer.status)
        if counted is None:
            counted = self._counted[answer.status] = self._intake.metrics.answers.labels(answer.status)
        counted.inc()
        headers = [(b"content-length", b"%d" % len(answer.body)), *answer.headers]
        if answer.body:
            headers.append((b"content-type", b"application/json"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if answer is answers.TOO_LARGE:
            await send({"type": "http.response.body", "body": answer.body, "more_body": True})
            await discard(receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await send({"type": "http.response.body", "body": answer.body})


_WITHOUT_BODY: Final[dict[str, Answer | None]] = {
    "too large": answers.TOO_LARGE,
    "too slow": answers.TOO_SLOW,
    "too many": answers.BUSY,
    "gone": None,  # nobody is there to be answered
}


def _announced(scope: Scope) -> int:
    """What `content-length` says; 0 when it does not, and then the bytes are counted as they come."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) <= 15 else 0
    return 0
