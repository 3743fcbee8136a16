"""One HTTP client for everything asked of Rutter. What happened to a request is a value, and holds no URL.

The HTTP library's exceptions carry the request, whose URL holds the access token, so none leaves this file.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx

from service.rutter.replies import JOB_HEADER
from service.rutter.secrecy import silence_http_loggers
from service.rutter.settings import RutterSettings

LARGEST_ANSWER: Final = 16 * 1024 * 1024
_KEPT_HEADERS: Final = (JOB_HEADER, "retry-after")
_NEVER_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer came back: what arrived of its body, decoded, and those headers (lower case) that mean something."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotSent:
    """The connection could not be opened: nothing left."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The request left, or may have, and no answer came."""

    reason: str


Reply = Answer | NotSent | Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `path` is under the base URL; ids in it are quoted already."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    seconds: float | None = None


class _Arrived:
    """What of an answer is here so far."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    def answer(self) -> Answer | None:
        """An answer that breaks off in its body has told its status all the same."""
        return None if self.status is None else Answer(self.status, self.headers, bytes(self.body))


class _Lanes:
    """HTTP clients of one connection each, made when needed and used again.

    The HTTP library's own pool looks at every connection it has, with a system call each, before and after every
    request: with sixteen in flight that costs more than the request.
    """

    def __init__(self, settings: RutterSettings) -> None:
        self._settings = settings
        self._idle: list[httpx.AsyncClient] = []
        self._all: list[httpx.AsyncClient] = []
        self._room = asyncio.Semaphore(settings.max_connections)
        self._tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def one(self, seconds: float) -> AsyncIterator[httpx.AsyncClient]:
        """A client that nobody else uses; waits so long for one.

        Raises:
            httpx.PoolTimeout: all were in use for so long.
        """
        try:
            async with asyncio.timeout(seconds if self._room.locked() else None):
                await self._room.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("all connections are in use") from None
        try:
            client = self._idle.pop() if self._idle else self._made()
            try:
                yield client
            finally:
                self._idle.append(client)
        finally:
            self._room.release()

    async def close(self) -> None:
        """Close them all."""
        for client in self._all:
            await client.aclose()

    def _made(self) -> httpx.AsyncClient:
        settings = self._settings
        if self._tls is None:
            self._tls = httpx.create_ssl_context(trust_env=not settings.loopback)
        client = httpx.AsyncClient(
            base_url=settings.base_url,
            auth=(settings.client_id, settings.client_secret),
            headers={"X-Rutter-Version": settings.version, "Accept": "application/json", "User-Agent": "ledgerhook"},
            limits=httpx.Limits(max_connections=1, keepalive_expiry=20.0),
            trust_env=not settings.loopback,
            follow_redirects=False,
            verify=self._tls,
        )
        self._all.append(client)
        return client


class Transport:
    """Sends calls: Basic auth, the pinned version, time-outs, bounded answers."""

    def __init__(self, settings: RutterSettings) -> None:
        silence_http_loggers()
        self.settings = settings
        self._lanes = _Lanes(settings)

    async def close(self) -> None:
        """Close all connections."""
        await self._lanes.close()

    async def send(self, call: Call) -> Reply:
        """Send once, never again by itself: whether to repeat is decided by evidence, elsewhere."""
        seconds = self.settings.read_seconds if call.seconds is None else call.seconds
        opening = min(self.settings.connect_seconds, seconds)
        arrived = _Arrived()
        try:
            async with asyncio.timeout(seconds), self._lanes.one(opening) as client:
                request = client.build_request(
                    call.method,
                    call.path,
                    params=dict(call.query),
                    headers=dict(call.headers),
                    content=call.content,
                    timeout=httpx.Timeout(seconds, connect=opening, pool=opening),
                )
                await _exchange(client, request, arrived)
        except _NEVER_LEFT as failure:
            return NotSent(type(failure).__name__)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as failure:
            return arrived.answer() or Lost(type(failure).__name__)
        return arrived.answer() or Lost("no answer")


async def _exchange(client: httpx.AsyncClient, request: httpx.Request, arrived: _Arrived) -> None:
    response = await client.send(request, stream=True)
    try:
        arrived.status = response.status_code
        arrived.headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        async for chunk in response.aiter_bytes():
            arrived.body += chunk
            if len(arrived.body) > LARGEST_ANSWER:
                arrived.body.clear()
                return
    finally:
        await response.aclose()
