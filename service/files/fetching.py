"""Fetching a file from an address that an event names: bounded in time, size and redirects, and never from within.

A name is resolved once for each request, its addresses are looked at, and the connection goes to one of those looked
at, with the name only in Host and in TLS: a name that answers otherwise a moment later gains nothing. No proxy is
asked, since it would resolve the name by itself.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from service.files.addresses import AllowedHosts, NoPlace, Place, open_to, place_of
from service.rutter.secrecy import silence_http_loggers

MOST_REDIRECTS: Final = 3
SECONDS: Final = 20.0
MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ADDRESSES: Final = 3
"""Addresses of one name that are tried where the first cannot be reached."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAY_PASS: Final = frozenset({408, 425, 429})
"""Besides 5xx: what a server says of something that may be there a little later."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came."""

    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Barred:
    """Not asked for, or not taken: it would be the same the next time. `what` is refused; `cure` is None where only
    another file helps."""

    what: str
    reason: str
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Not had now: it may be there later."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Moved:
    to: str


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system resolves it.

    Raises:
        OSError: it has none, or nobody answered.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Fetcher:
    """Fetches one file at a time a call; holds nothing between two."""

    def __init__(
        self,
        allowed: AllowedHosts | None = None,
        most_bytes: int = MOST_BYTES,
        *,
        seconds: float = SECONDS,
        resolve: Resolve = resolved,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allowed` hosts may be private; a file of more than `most_bytes` is not taken; `seconds` for all of it."""
        silence_http_loggers()
        self._allowed = allowed or AllowedHosts()
        self._most = most_bytes
        self._seconds = seconds
        self._resolve = resolve
        self._tls = tls or httpx.create_ssl_context(trust_env=False)

    async def fetch(self, url: str) -> Fetched | Barred | Unreachable:
        """The bytes at the address, or why there are none. Nothing raises, and no reason holds a query or a user."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(url)
        except TimeoutError:
            return Unreachable(f"it did not arrive within {self._seconds:g} s")

    async def _follow(self, url: str) -> Fetched | Barred | Unreachable:
        place = place_of(url)
        for _ in range(MOST_REDIRECTS + 1):
            if isinstance(place, NoPlace):
                return Barred("address not asked", place.reason)
            answer = await self._ask(place)
            if not isinstance(answer, _Moved):
                return answer
            place = place_of(answer.to, place.url)
        return Barred("too many redirects", f"its address leads on more than {MOST_REDIRECTS} times")

    async def _ask(self, place: Place) -> Fetched | Barred | Unreachable | _Moved:
        try:
            found = open_to(place, await self._resolve(place.host, place.port), self._allowed)
        except (OSError, UnicodeError):
            return Unreachable(f"the name {place.host} is not found")
        if isinstance(found, NoPlace):
            cure = (
                f"where that host is yours, name {place.host}:{place.port} in LEDGERHOOK_ATTACHMENT_HOSTS, start anew"
            )
            return Barred(f"host {place.host}", found.reason, cure)
        for address in found[:MOST_ADDRESSES]:
            try:
                return await self._from(place, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except (httpx.HTTPError, httpx.InvalidURL) as trouble:
                return Unreachable(f"{place.host} broke off ({type(trouble).__name__})")
        return Unreachable(f"{place.host} cannot be reached")

    async def _from(self, place: Place, address: str) -> Fetched | Barred | Unreachable | _Moved:
        headers = {
            "Host": place.name,
            "Accept": "application/pdf, image/*, text/*;q=0.9, */*;q=0.5",
            "Accept-Encoding": "identity",
            "User-Agent": "ledgerhook",
        }
        # A client for each request: nothing is kept of one host that another could use.
        async with httpx.AsyncClient(trust_env=False, verify=self._tls, timeout=self._seconds) as client:
            request = client.build_request(
                "GET",
                httpx.URL(place.url).copy_with(host=address),
                headers=headers,
                extensions={"sni_hostname": place.host} if place.scheme == "https" else {},
            )
            response = await client.send(request, stream=True)
            try:
                return await self._read(place, response)
            finally:
                await response.aclose()

    async def _read(self, place: Place, response: httpx.Response) -> Fetched | Barred | Unreachable | _Moved:
        status = response.status_code
        if status in _REDIRECTS and "location" in response.headers:
            return _Moved(response.headers["location"])
        if status >= 500 or status in _MAY_PASS:
            return Unreachable(f"{place.host} answered {status}")
        if status != 200:
            return Barred(f"host {place.host}", f"{place.host} answered {status}")
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return Barred(f"host {place.host}", f"{place.host} sends it packed, though it was not asked to")
        told = response.headers.get("content-length", "")
        if told.isdecimal() and (len(told) > 18 or int(told) > self._most):
            return self._too_large()
        return await self._whole(response)

    async def _whole(self, response: httpx.Response) -> Fetched | Barred:
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > self._most:
                return self._too_large()
        return Fetched(bytes(content))

    def _too_large(self) -> Barred:
        reason = f"it has more than {self._most} bytes"
        return Barred("file too large", reason, "raise LEDGERHOOK_ATTACHMENT_MAX_BYTES")
