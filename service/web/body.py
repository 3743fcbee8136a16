"""Reading a request's body: never more than the limit, never longer than the time."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from service.deadlines import Deadline

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

DISCARD_SECONDS: Final = 1.0
DISCARD_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class NoBody:
    """Why there is none."""

    why: Literal["too large", "too slow", "too many", "gone"]


@dataclass(slots=True)
class Budget:
    """Bytes of half-read bodies, of all requests together. Counted as they come: an announcement holds nothing up."""

    limit: int
    held: int = 0


async def read_body(receive: Receive, limit: int, deadline: Deadline, budget: Budget) -> bytes | NoBody:
    """The whole body, counted as it comes: what `content-length` says is not believed."""
    message = await _next(receive, deadline)
    if isinstance(message, NoBody):
        return message
    body: bytes = message.get("body", b"")
    if len(body) > limit:
        return NoBody("too large")
    if not message.get("more_body", False):
        return body
    try:
        with deadline.begun():
            return await _read_on(receive, limit, body, budget)
    except TimeoutError:
        return NoBody("too slow")


async def discard(receive: Receive) -> None:
    """Read on for a little and keep nothing: closing on a client that is still writing would cost it our answer."""
    left = DISCARD_BYTES
    try:
        async with asyncio.timeout(DISCARD_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


async def _next(receive: Receive, deadline: Deadline) -> MutableMapping[str, Any] | NoBody:
    try:
        with deadline.begun():
            message = await receive()
    except TimeoutError:
        return NoBody("too slow")
    return NoBody("gone") if message["type"] == "http.disconnect" else message


async def _read_on(receive: Receive, limit: int, first: bytes, budget: Budget) -> bytes | NoBody:
    chunks, size = [first], len(first)
    budget.held += size
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return NoBody("gone")
            chunk: bytes = message.get("body", b"")
            size += len(chunk)
            budget.held += len(chunk)
            if size > limit:
                return NoBody("too large")
            if budget.held > budget.limit:
                return NoBody("too many")
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)
    finally:
        budget.held -= size
