"""A request as read from the socket and a reply as written to it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from sandbox.exact import Json, dumps, loads
from sandbox.faults import NOTHING, Strike
from sandbox.refusals import Refusal

BODY_LIMIT = 32 * 1024 * 1024
HTML = "text/html; charset=utf-8"
CUT_EXTENSION = "sandbox.cut"


@dataclass(slots=True, kw_only=True)
class Call:
    """One request. `path` is without `/versioned`; header values are as sent; `cut_short`: the body was too large."""

    method: str
    path: str
    raw_query: str
    query: dict[str, str]
    authorization: str
    version: str | None
    idempotency_key: str | None
    base_url: str
    body: bytes
    content_type: str = ""
    cut_short: bool = False
    strike: Strike = NOTHING


@dataclass(slots=True, kw_only=True)
class Reply:
    """One answer, or with `cut_after` no answer: the connection is cut after that many seconds.

    `policy` is the Content-Security-Policy of a page.
    """

    status: int
    body: bytes
    job_id: str | None = None
    cut_after: float | None = None
    reason: str | None = None
    media_type: str = "application/json"
    policy: str | None = None


def reply(value: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status=status, body=dumps(value))


def refuse(refusal: Refusal) -> Reply:
    """A refusal as an answer."""
    return Reply(status=refusal.status, body=dumps(refusal.body()), reason=refusal.reason)


def read_object(call: Call) -> Json | None:
    """The body as a JSON object; an empty body is an empty object; None when it is neither."""
    try:
        parsed = loads(call.body) if call.body else {}
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


async def read_call(scope: Scope, receive: Receive, prefix: str) -> Call | None:
    """Read the whole request; None when the client left first."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= BODY_LIMIT:
            chunks.append(chunk)
        if not message.get("more_body"):
            break
    headers: dict[bytes, bytes] = dict(scope["headers"])
    raw_query = scope["query_string"].decode("latin-1")
    key = headers.get(b"idempotency-key")
    version = headers.get(b"x-rutter-version")
    host = headers.get(b"host", b"127.0.0.1").decode("latin-1")
    return Call(
        method=scope["method"],
        path=scope["path"].removeprefix(prefix),
        raw_query=raw_query,
        query=dict(parse_qsl(raw_query)),
        authorization=headers.get(b"authorization", b"").decode("latin-1"),
        version=version.decode("latin-1") if version is not None else None,
        idempotency_key=key.decode("latin-1") if key else None,
        base_url=f"{scope['scheme']}://{host}/versioned",
        body=b"".join(chunks),
        content_type=headers.get(b"content-type", b"").decode("latin-1"),
        cut_short=size > BODY_LIMIT,
    )


async def write_reply(answer: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the answer, or cut the connection without one."""
    if answer.cut_after is not None:
        await _cut(answer.cut_after, scope, receive)
        return
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    if answer.job_id is not None:
        headers.append((b"x-rutter-job-id", answer.job_id.encode()))
    if answer.policy is not None:
        headers.append((b"content-security-policy", answer.policy.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _cut(seconds: float, scope: Scope, receive: Receive) -> None:
    """Hold the connection, then close it: `sandbox.server` lends us the socket; elsewhere wait for the client."""
    gone = asyncio.ensure_future(receive())
    if seconds:
        await asyncio.wait((gone,), timeout=seconds)
    close: Callable[[], None] | None = (scope.get("extensions") or {}).get(CUT_EXTENSION)
    if close is not None and not gone.done():
        close()
    await gone
