"""Rutter's webhooks: a connection moved, a job ended, the books changed; and of a shop that it reads, orders and money.

Signed with the organisation's client secret, base64 although the prefix looks like hexadecimal (Rutter: Webhook
signatures); no time is signed. The body carries the connection's live access token, which no answer here repeats:
reasons are made of our own words and of codes in capitals.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal

from handlers import configured, message
from handlers.fields import Field
from handlers.rutter import books, orders, transactions
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
_COMMERCE: Final[Mapping[str, tuple[str, Callable[[Field, Source], Translation]]]] = {
    "ORDER_CREATED": ("order", orders.read),
    "ORDER_UPDATED": ("order", orders.read),
    "TRANSACTION_CREATED": ("transaction", transactions.read),
    "TRANSACTION_UPDATED": ("transaction", transactions.read),
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

    def translate(self, verified: Verified, source: Source) -> Translation:
        """By `code` alone: the class in `type` adds nothing."""
        body = message.read(verified.delivery.body)
        if not isinstance(body, Field):
            return body
        code = body.get("code").word()
        if code == "JOB_COMPLETED":
            return JobCompleted(body.get("job", "id").own_identifier())
        if code in _COMMERCE:
            return _of_a_shop(code, body, source)
        move = _MOVES.get(code)
        if move is None:
            return _in_the_books(code, body, source)
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
        """Secrets there, and the shop's connection not empty where one is named."""
        if source.commerce_connection == "":
            return "commerce_connection is empty; set it to Rutter's id of the shop's connection"
        return configured.problem(source, "the client secret of your Rutter organisation")


def _of_a_shop(code: str, body: Field, source: Source) -> Translation:
    """What one object of the shop that feeds this source tells."""
    if source.commerce_connection is None:
        return Ignored(f"{code}: this source names no commerce_connection")
    if body.get("connection_id").own_identifier() != source.commerce_connection:
        return Ignored(f"{code}: of another connection than this source's commerce_connection")
    name, read = _COMMERCE[code]
    return read(body.get(name).required(), source)


def _in_the_books(code: str, body: Field, source: Source) -> Translation:
    """What changed in the books; a shop has no books, and its customers are no documents."""
    told = books.read(code, body)
    if told is None:
        return Ignored(code if _CODE.fullmatch(code) else "a code that is none of Rutter's")
    if told.rutter_connection_id == source.commerce_connection:
        return Ignored(f"{code}: of a shop, which has no books")
    return told


def _code_or_none(field: Field, form: re.Pattern[str]) -> str | None:
    """A text of a form that no access token has, or None."""
    return field.value if isinstance(field.value, str) and form.fullmatch(field.value) else None
