"""Canonical events over HTTP: CloudEvents 1.0, structured, binary or batched (CloudEvents: HTTP Protocol Binding).

CloudEvents define no signature, so a request proves itself as its source says: a bearer token, or
`X-Ledgerhook-Signature: t=<unix seconds>,v1=<hex>` over the time, a full stop and the raw body. In binary mode the
attributes are headers, which the latter does not cover; it does not matter, because `id` must be the natural key of the
data, and `connection` and `source` must be the source's.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import unquote_to_bytes

from handlers import canonical, configured, timed_hex
from handlers.fields import UnreadableError
from handlers.signatures import MAX_HEADER, any_match, keys
from schemas import exact_json
from schemas.deliveries import (
    Delivery,
    Ignored,
    NoMessage,
    RefusalReason,
    Refused,
    Told,
    Translation,
    Unreadable,
    Verified,
)
from schemas.events import CONTENT_TYPE, Event
from schemas.sources import Kind, Source

MAX_BATCH: Final = 1000
SIGNATURE_HEADER: Final = "X-Ledgerhook-Signature"

_BATCH: Final = "application/cloudevents-batch"
_STRUCTURED: Final = "application/cloudevents"
_FORMATS: Final = frozenset({_STRUCTURED, _BATCH, f"{_STRUCTURED}+json", f"{_BATCH}+json"})
_ATTRIBUTE: Final = re.compile(r"ce-([a-z0-9]{1,20})")


class CloudEvents:
    """Senders that speak canonical events themselves."""

    name: Kind = "cloudevents"

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:
        """By bearer token or signature, as `source.auth` says."""
        if source.auth == "bearer":
            problem = _bearer_problem(delivery.headers.get("authorization"), source.secrets)
        else:
            header = delivery.headers.get(SIGNATURE_HEADER.lower())
            problem = timed_hex.problem(header, delivery.body, source.secrets, now, source.tolerance_seconds)
        return Refused(problem) if problem else Verified(delivery)

    def translate(self, verified: Verified, source: Source) -> Translation:
        """The event or events. One of a batch that cannot be read does not keep the others."""
        delivery = verified.delivery
        media_type = delivery.headers.get("content-type", "").strip().lower()
        if media_type.startswith(_STRUCTURED) and media_type.partition(";")[0].strip() not in _FORMATS:
            return NoMessage("CloudEvents in another format than JSON")
        value = exact_json.loads(delivery.body)
        if not media_type.startswith(_STRUCTURED) and "ce-specversion" in delivery.headers:
            return _told([_binary(delivery.headers, value, source)])
        if isinstance(value, exact_json.BadJson):
            return Unreadable("$", value.reason) if value.is_json else NoMessage(value.reason)
        if isinstance(value, list):
            return _batch(value, source)
        if not isinstance(value, dict):
            return Unreadable("$", "not an event")
        return _told([canonical.read(value, source)])

    def sign(
        self,
        body: bytes,
        secret: str,
        now: datetime,
        *,
        headers: Mapping[str, str],
        auth: Literal["bearer", "hmac"] = "bearer",
    ) -> dict[str, str]:
        """The token or signature, and the content type of structured or batched mode where none is given."""
        names = {name.lower() for name in headers}
        signed = {} if "content-type" in names else {"Content-Type": CONTENT_TYPE}
        if signed and body.lstrip().startswith(b"["):
            signed["Content-Type"] = f"{_BATCH}+json"
        if auth == "bearer":
            return signed | {"Authorization": f"Bearer {secret}"}
        return signed | {SIGNATURE_HEADER: timed_hex.signature(body, secret, now)}

    def check(self, source: Source) -> str | None:
        """Secrets there, and fit for a header where they travel in one."""
        problem = configured.problem(source, "a long random text that you share with the sender")
        if problem is None and source.auth == "bearer" and not all(secret.isascii() for secret in source.secrets):
            return "a bearer token with letters beyond ASCII, which headers lose; choose another"
        return problem


def _bearer_problem(header: str | None, secrets: tuple[str, ...]) -> RefusalReason | None:
    if not header:
        return RefusalReason.MISSING
    scheme, _, token = header.partition(" ")
    if len(header) > MAX_HEADER or scheme.lower() != "bearer" or not token.strip():
        return RefusalReason.GARBLED
    given = token.strip().encode("utf-8", "surrogatepass")
    return None if any_match([given], keys(secrets)) else RefusalReason.WRONG


def _batch(events: list[Any], source: Source) -> Translation:
    if len(events) > MAX_BATCH:
        return Unreadable("$", f"a batch of more than {MAX_BATCH} events")
    if not events:
        return Ignored("an empty batch")
    read: list[Event | Ignored] = []
    unreadable: list[Unreadable] = []
    for index, event in enumerate(events):
        at = f"$[{index}]"
        try:
            read.append(_structured(event, source, at))
        except UnreadableError as error:
            unreadable.append(Unreadable(error.path, error.reason))
    return _told(read, unreadable)


def _structured(event: object, source: Source, at: str) -> Event | Ignored:
    if not isinstance(event, dict):
        raise UnreadableError(at, "not an event")
    return canonical.read(event, source, at)


def _told(read: Sequence[Event | Ignored], unreadable: Sequence[Unreadable] = ()) -> Translation:
    events = tuple(event for event in read if not isinstance(event, Ignored))
    ignored = [event for event in read if isinstance(event, Ignored)]
    if events:
        return Told(events, tuple(f"left out: {event.reason}" for event in ignored), tuple(unreadable))
    if unreadable:
        return unreadable[0]
    return ignored[0] if len(ignored) == 1 else Ignored(f"{len(ignored)} events, among them {ignored[0].reason}")


def _binary(headers: Mapping[str, str], data: exact_json.Json | exact_json.BadJson, source: Source) -> Event | Ignored:
    """The event whose attributes are `ce-` headers, percent-encoded, and whose data is the body.

    The data of an event that means nothing here may be anything.
    """
    event: dict[str, Any] = {}
    for name, value in headers.items():
        attribute = _ATTRIBUTE.fullmatch(name)
        if attribute and attribute[1] not in ("data", "datacontenttype"):
            try:
                event[attribute[1]] = unquote_to_bytes(value.strip().strip('"')).decode("utf-8")
            except UnicodeError:
                raise UnreadableError(f"$.{attribute[1]}", "not UTF-8 once its percent signs are decoded") from None
    if not isinstance(data, exact_json.BadJson):
        return canonical.read(event | {"data": data}, source)
    if event.get("type") in canonical.TYPES:
        raise UnreadableError("$.data", data.reason)
    return canonical.read(event, source)
