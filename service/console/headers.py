"""Headers of every answer: nothing is framed, sniffed, cached or referred, and only our own files run.

Rutter Link opens as a window of its own and posts its answer to the page that opened it, which takes a weaker policy of
openers (Rutter: Link) on that page alone; it runs none of Link's code, so that the policy of contents stays as it is.
"""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC: Final = "/static/"
OPENS_LINK: Final = "/connect"
"""The page that opens Rutter Link."""
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer, browsers say `Origin: null` of our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Puts them on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        """The app within."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept = scope["path"].startswith(STATIC)
        opens = scope["path"] == OPENS_LINK

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                if opens:
                    headers["cross-origin-opener-policy"] = "same-origin-allow-popups"
                # The address of a static file names its content's digest, so it may be kept for ever.
                headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-store"
            await send(message)

        await self._app(scope, receive, sending)
