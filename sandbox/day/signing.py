"""The senders' own signatures, a few lines each, from their documentation and nobody's library."""

import base64
import hashlib
import hmac
from datetime import datetime

from sandbox.day.needs import SourceNeed
from sandbox.day.tellings import Telling


def headers(telling: Telling, source: SourceNeed, now: datetime) -> dict[str, str]:
    """All of the request's headers, the proof among them. A forged telling is signed with another secret.

    `now` is when the request is sent: Stripe signs it. A Kafka record has no proof; posted over HTTP it has
    its source's bearer token.
    """
    secret = "somebody-else-s-secret" if telling.forged else source.secret
    return telling.headers | proof(telling, source, secret, now)


def proof(telling: Telling, source: SourceNeed, secret: str, now: datetime) -> dict[str, str]:
    """The headers that prove where the request comes from."""
    match source.kind:
        case "stripe":
            return {"Stripe-Signature": stripe(telling.body, secret, int(now.timestamp()))}
        case "shopify":
            return {"X-Shopify-Hmac-Sha256": shopify(telling.body, secret)}
        case "cloudevents":
            return {"Authorization": f"Bearer {secret}"}


def stripe(body: bytes, secret: str, seconds: int) -> str:
    """Stripe: hex HMAC-SHA256 of "<seconds>.<body>", keyed with the whole `whsec_…` text."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def shopify(body: bytes, secret: str) -> str:
    """Shopify: base64 HMAC-SHA256 of the body, keyed with the app's client secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
