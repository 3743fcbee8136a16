"""No token in any text: foreign texts are scrubbed, and the HTTP library's own loggers are silenced.

Rutter takes the access token in the query of every URL and its jobs echo such URLs, so a log line of the HTTP library
is a leak.
"""

import logging
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

MASK: Final = "[secret]"
_LOGGERS: Final = (
    "httpx",
    "httpcore",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_NAMED: Final = re.compile(
    r"""((?:access_|public_|refresh_)?token|client_secret|secret|password)(["']?\s*[=:]\s*["']?)[^\s"'&<>,;}]+""",
    re.IGNORECASE,
)
_SHORTEST: Final = 4


class _Nothing(logging.Filter):
    """Lets nothing through. A filter outlives a later change of level or handlers."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002  # logging's own signature
        return False


_NOTHING: Final = _Nothing()


def silence_http_loggers() -> None:
    """Keep the HTTP library from logging URLs and headers, whatever level anybody sets."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_NOTHING)


def clean(text: str) -> str:
    """As databases and terminals take it: no control characters, no lone surrogates."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return printable.encode("utf-8", "replace").decode("utf-8")


def scrub(text: str, secrets: Iterable[str], limit: int) -> str:
    """Foreign text made fit to be shown: cleaned, secrets masked (also when percent-encoded), at most `limit` long."""
    text = clean(text[: 20 * limit])
    for secret in secrets:
        if len(secret) < _SHORTEST:
            continue
        for form in {clean(secret), quote(secret, safe=""), quote_plus(secret)}:
            text = re.sub(re.escape(form), MASK, text, flags=re.IGNORECASE)
    text = _NAMED.sub(rf"\1\2{MASK}", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
