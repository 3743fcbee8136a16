"""Rutter's own callbacks: a connection moved, a job ended. Everything else it sends is kept and ignored.

Signed with the organisation's client secret, base64 although the prefix looks like hexadecimal (Rutter: Webhook
signatures); no time is signed. The body carries the connection's live access token, which no answer here repeats:
reasons are made of our own words and of codes in capitals.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from handlers import configured, message
from handlers.fields import Field
from handlers.signatures import base64_problem, mac, to_base64
from schemas.deliveries import (
    ConnectionMove,
    ConnectionMoved,
    Delivery,
    Ignored,
    JobCompleted,
    Refused,
    Translation,
    Verified,
)
from schemas.sources import Kind, Source

_MOVES: Final[dict[str, ConnectionMove]] = {
    "INITIAL_UPDATE": "ready",
    "CONNECTION_AUTHENTICATED": "authenticated",
    "CONNECTION_UPDATED": "authenticated",
    "CONNECTION_NEEDS_UPDATE": "needs_update",
    "CONNECTION_DISABLED": "disabled",
    "CONNECTION_ERROR": "unhealthy",
}
_CODE: Final = re.compile(r"[A-Z][A-Z_]{1,63}")
_REASON: Final = re.compile(r"[A-Z][A-Z_ ]{1,63}")
_LINK: Final = re.compile(r"https://[a-z0-9.-]{1,200}/[A-Za-z0-9/_.~-]{0,300}")


class Rutter:
    """Rutter itself."""

    name: Kind = "rutter"

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:  # noqa: ARG002  # nothing signs a time
        """The body's keyed hash, with any active client secret."""
        problem = base64_problem(delivery.headers.get("x-rutter-signature"), "sha256=", delivery.body, source.secrets)
        return Refused(problem) if problem else Verified(delivery)

    def translate(self, verified: Verified, source: Source) -> Translation:  # noqa: ARG002  # its own connections only
        """By `code` alone: the class in `type` adds nothing."""
        body = message.read(verified.delivery.body)
        if not isinstance(body, Field):
            return body
        code = body.get("code").word()
        if code == "JOB_COMPLETED":
            return JobCompleted(body.get("job", "id").own_identifier())
        move = _MOVES.get(code)
        if move is None:
            return Ignored(code if _CODE.fullmatch(code) else "a code that is none of Rutter's")
        return ConnectionMoved(
            rutter_connection_id=body.get("connection_id").own_identifier(),
            move=move,
            reason=_code_or_none(body.get("disabled_reason"), _REASON),
            link_url=_code_or_none(body.get("update_url"), _LINK) or _code_or_none(body.get("link_url"), _LINK),
        )

    def sign(
        self,
        body: bytes,
        secret: str,
        now: datetime,  # noqa: ARG002  # nothing signs a time
        *,
        headers: Mapping[str, str],
        auth: Literal["bearer", "hmac"] = "bearer",  # noqa: ARG002  # the protocol's; one way to sign here
    ) -> dict[str, str]:
        """`X-Rutter-Signature`."""
        signed = {"X-Rutter-Signature": f"sha256={to_base64(mac(secret.encode(), body))}"}
        typed = any(name.lower() == "content-type" for name in headers)
        return signed if typed else signed | {"Content-Type": "application/json"}

    def check(self, source: Source) -> str | None:
        """Secrets there."""
        return configured.problem(source, "the client secret of your Rutter organisation")


def _code_or_none(field: Field, form: re.Pattern[str]) -> str | None:
    """A text of a form that no access token has, or None."""
    return field.value if isinstance(field.value, str) and form.fullmatch(field.value) else None
