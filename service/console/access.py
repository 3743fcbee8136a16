"""Who may come in: the admin token, as a bearer of the API or once at the door for a signed session cookie.

The session's key derives from the token, so that changing the token ends every session, and several processes behind
one address agree. A session's CSRF token derives from it in turn: every form that changes something carries it.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.console.throttle import Throttle

COOKIE: Final = "ledgerhook_session"
LASTS: Final = timedelta(hours=12)
TOO_MANY: Final = 429


class Access:
    """Checks of one admin token. Every comparison takes the same time wherever the texts differ."""

    def __init__(self, admin_token: str, now: Callable[[], datetime]) -> None:
        """Args: `now` aware, UTC."""
        if not admin_token:
            raise ValueError("an empty admin token would let everybody in")
        self._token = _digest(admin_token)
        self._key = hmac.digest(admin_token.encode(), b"ledgerhook console session", "sha256")
        self._now = now
        self._throttle = Throttle(now)

    def knows(self, token: str, request: Request) -> bool:
        """Whether this is the admin token.

        Raises:
            HTTPException: 429, as its sender has shown too many wrong ones; this one was not looked at.
        """
        address = "" if request.client is None else request.client.host
        wait = self._throttle.wait(address)
        if wait:
            detail = f"Too many wrong tokens from your address: wait {wait} s."
            raise HTTPException(TOO_MANY, detail, {"retry-after": str(wait)})
        known = hmac.compare_digest(_digest(token), self._token)
        if not known:
            self._throttle.wrong(address)
        return known

    def bears(self, request: Request) -> bool:
        """Whether the request carries the token as `Authorization: Bearer`.

        Raises:
            HTTPException: as `knows`.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and bool(token.strip()) and self.knows(token.strip(), request)

    def begin(self, request: Request, response: Response) -> None:
        """Give the browser a session."""
        ends = int((self._now() + LASTS).timestamp())
        session = f"{ends}.{secrets.token_urlsafe(16)}"
        response.set_cookie(
            COOKIE,
            f"{session}.{self._sign('session', session)}",
            max_age=int(LASTS.total_seconds()),
            path="/",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def end(self, response: Response) -> None:
        """Take the session away."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")

    def session(self, request: Request) -> str | None:
        """The request's session, if it has one that we signed and that has not ended."""
        session, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        if not _same(signature, self._sign("session", session)):
            return None
        ends = session.partition(".")[0]
        return session if ends.isdecimal() and int(ends) > self._now().timestamp() else None

    def csrf(self, session: str) -> str:
        """What forms of this session carry."""
        return self._sign("csrf", session)

    def csrf_holds(self, session: str, token: str) -> bool:
        """Whether a form came from a page of this session."""
        return _same(token, self.csrf(session))

    def _sign(self, purpose: str, text: str) -> str:
        signature = hmac.digest(self._key, f"{purpose}:{text}".encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(signature).decode().rstrip("=")


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site made it send this."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
