"""Canonical events in Standard Webhooks 1.0.0, and so in Svix, which sends the same under its own header names.

Signed is `<id>.<timestamp>.<raw body>`; the secret is base64 after `whsec_` (Stripe's prefix looks the same, and is not
decoded). The signature header is a list, so that a secret can be changed without a gap; any one suffices. Ed25519
(`v1a`) is passed over. The body is a canonical event, or `{type, timestamp, data}` with the event as its data.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from handlers import canonical, configured, message
from handlers.fields import Field
from handlers.signatures import MAX_HEADER, any_match, from_base64, is_fresh, mac, to_base64, unix_seconds
from schemas.deliveries import Delivery, Ignored, RefusalReason, Refused, Told, Translation, Verified
from schemas.sources import Kind, Source

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes of a key (Standard Webhooks: Signature scheme)."""


class StandardWebhooks:
    """Senders that wrap canonical events in Standard Webhooks."""

    name: Kind = "standardwebhooks"

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:
        """Any `v1` signature with any active secret, no older and no newer than the tolerance."""
        problem = _problem(delivery, source, now)
        return Refused(problem) if problem else Verified(delivery)

    def translate(self, verified: Verified, source: Source) -> Translation:
        """The event in the body, or in the body's `data`."""
        body = message.read(verified.delivery.body)
        if not isinstance(body, Field):
            return body
        event = body if body.get("specversion").told else body.get("data")
        if isinstance(event.value, dict) and event.get("specversion").told:
            read = canonical.read(event.value, source, event.path)
            return read if isinstance(read, Ignored) else Told((read,))
        kind = body.get("type").word()
        if kind in canonical.TYPES:
            raise event.get("specversion").bad("missing: data must be a canonical CloudEvent")
        return Ignored(f"type {kind}")

    def sign(
        self,
        body: bytes,
        secret: str,
        now: datetime,
        *,
        headers: Mapping[str, str],
        auth: Literal["bearer", "hmac"] = "bearer",  # noqa: ARG002  # the protocol's; one way to sign here
    ) -> dict[str, str]:
        """The three headers. An id that is not given is made from the body, so that sending twice is one delivery."""
        given = {name.lower(): value for name, value in headers.items()}
        identifier = given.get("webhook-id", f"msg_{hashlib.sha256(body).hexdigest()[:24]}")
        seconds = str(int(now.timestamp()))
        proof = mac(_key(secret) or b"", _content(identifier, seconds, body))
        signed = {"webhook-id": identifier, "webhook-timestamp": seconds, "webhook-signature": f"v1,{to_base64(proof)}"}
        return signed if "content-type" in given else signed | {"Content-Type": "application/json"}

    def check(self, source: Source) -> str | None:
        """Secrets there, in base64, of a sane length."""
        problem = configured.problem(source, "the signing secret that the sender shows, whsec_ and base64")
        if problem:
            return problem
        for secret in source.secrets:
            if secret.startswith(("whsk_", "whpk_")):
                return "an Ed25519 key; ask the sender for a symmetric secret (whsec_ …)"
            decoded = from_base64(secret.removeprefix(_PREFIX))
            if decoded is None:
                return "a secret that is not base64 after whsec_; paste it whole from the sender"
            if not _SHORTEST <= len(decoded) <= _LONGEST:
                return (
                    f"a secret of {len(decoded)} bytes once decoded; Standard Webhooks takes {_SHORTEST} to {_LONGEST}"
                )
        return None


def _key(secret: str) -> bytes | None:
    return from_base64(secret.removeprefix(_PREFIX)) or None


def _content(identifier: str, seconds: str, body: bytes) -> bytes:
    return f"{identifier}.{seconds}.".encode() + body


def _problem(delivery: Delivery, source: Source, now: datetime) -> RefusalReason | None:
    brand = "webhook" if "webhook-signature" in delivery.headers else "svix"
    identifier, timestamp, signatures = (
        delivery.headers.get(f"{brand}-{part}", "") for part in ("id", "timestamp", "signature")
    )
    if not (identifier and timestamp and signatures):
        return RefusalReason.MISSING
    seconds = unix_seconds(timestamp)
    # A full stop inside the id would let id and time shift against each other under one signature.
    shifty = "." in identifier or not identifier.isascii()
    if seconds is None or shifty or max(len(identifier), len(signatures)) > MAX_HEADER:
        return RefusalReason.GARBLED
    pairs = [item.partition(",") for item in signatures.split()]
    given = [proof for version, _, text in pairs if version == "v1" and (proof := from_base64(text)) is not None]
    if not given:
        return RefusalReason.GARBLED
    content = _content(identifier, timestamp, delivery.body)
    active = [key for secret in source.secrets if (key := _key(secret)) is not None]
    if not any_match(given, (mac(key, content) for key in active)):
        return RefusalReason.WRONG
    return None if is_fresh(seconds, now, source.tolerance_seconds) else RefusalReason.STALE
