"""What a sender is answered. A refused signature has one answer, whatever the reason."""

from dataclasses import dataclass
from typing import Final

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers, ready to be written."""

    status: int
    body: bytes = b""
    headers: Headers = ()


def _says(status: int, error: str, *headers: tuple[bytes, bytes]) -> Answer:
    return Answer(status, b'{"error":"' + error.encode() + b'"}', headers)


_RETRY: Final = (b"retry-after", b"5")
CLOSE: Final = (b"connection", b"close")

NO_MESSAGE: Final = _says(400, "the body is no message")
REFUSED: Final = _says(401, "not authenticated", (b"www-authenticate", b'Bearer realm="webhooks"'))
UNKNOWN_SOURCE: Final = _says(404, "no such source")
NOT_POST: Final = _says(405, "POST only", (b"allow", b"POST"))
TOO_SLOW: Final = _says(408, "the body did not arrive in time", CLOSE)
TOO_LARGE: Final = _says(413, "the body is too large", CLOSE)
BUG: Final = _says(500, "not taken; the log says why")
NOT_DURABLE: Final = _says(503, "not stored; send it again", _RETRY)
SOURCES_UNREAD: Final = _says(503, "sources cannot be read now; send it again", _RETRY)
BUSY: Final = _says(503, "too busy; send it again", _RETRY)
CALLBACK_TAKEN: Final = Answer(200)
DELIVERY_HEADER: Final = b"ledgerhook-delivery"


def taken(delivery_id: str) -> Answer:
    """202: the delivery is durable under that id. No body: it would cost each delivery a second write to its socket."""
    return Answer(202, b"", ((DELIVERY_HEADER, delivery_id.encode()),))
