"""Shopify's webhooks: signed over the body alone, and told apart by a header that is not signed.

The body is the bare resource; the topic stands in `X-Shopify-Topic` (newer systems leave the `X-` out). As the topic is
unsigned, a body that names its own type (`admin_graphql_api_id`) must agree with it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal

from handlers import configured, message
from handlers.fields import Field
from handlers.shopify import corrections, disputes, orders, payments, refunds
from handlers.signatures import base64_problem, mac, to_base64
from schemas.deliveries import Delivery, Ignored, Refused, Translation, Unreadable, Verified
from schemas.sources import Kind, Source

Reader = Callable[[Field, Source], Translation]

_READERS: Final[Mapping[str, Reader]] = {
    "orders/paid": orders.read,
    "orders/create": orders.read,
    "orders/updated": corrections.read_updated,
    "orders/fulfilled": corrections.read_updated,
    "orders/cancelled": corrections.read_cancelled,
    "order_transactions/create": payments.read,
    "refunds/create": refunds.read,
    "disputes/create": disputes.read,
    "disputes/update": disputes.read,
}
_IGNORED: Final[Mapping[str, str]] = {
    "orders/edited": "it tells no amounts: orders/updated tells the order as it stands",
    "tender_transactions/create": "order_transactions/create tells it",
}
_SPELLINGS: Final = ("x-shopify-", "shopify-")


class Shopify:
    """A shop on Shopify."""

    name: Kind = "shopify"

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:  # noqa: ARG002  # nothing signs a time
        """The body's keyed hash, with any active client secret."""
        problem = base64_problem(_header(delivery, "hmac-sha256"), "", delivery.body, source.secrets)
        return Refused(problem) if problem else Verified(delivery)

    def translate(self, verified: Verified, source: Source) -> Translation:
        """By topic."""
        body = message.read(verified.delivery.body)
        if not isinstance(body, Field):
            return body
        topic = (_header(verified.delivery, "topic") or "").strip().lower()
        if not topic:
            return Unreadable("X-Shopify-Topic", "missing: without it nobody knows what the body is")
        reader = _READERS.get(topic)
        if reader is None:
            told = topic if len(topic) <= 100 and topic.isprintable() else "a topic that is none of Shopify's"
            return Ignored(f"{told}: {_IGNORED.get(topic, 'means nothing here')}")
        return reader(body, source)

    def sign(
        self,
        body: bytes,
        secret: str,
        now: datetime,  # noqa: ARG002  # nothing signs a time
        *,
        headers: Mapping[str, str],
        auth: Literal["bearer", "hmac"] = "bearer",  # noqa: ARG002  # the protocol's; one way to sign here
    ) -> dict[str, str]:
        """`X-Shopify-Hmac-Sha256`; the topic is the caller's to give, because the body does not say it."""
        signed = {"X-Shopify-Hmac-Sha256": to_base64(mac(secret.encode(), body))}
        typed = any(name.lower() == "content-type" for name in headers)
        return signed if typed else signed | {"Content-Type": "application/json"}

    def check(self, source: Source) -> str | None:
        """Secrets there, and not the access token that stands beside them on Shopify's page."""
        if any(secret.startswith(("shpat_", "shpca_", "shppa_")) for secret in source.secrets):
            return "an access token of the Admin API; webhooks are signed with the client secret"
        return configured.problem(source, "the app's client secret (or, for webhooks made in the shop's admin, theirs)")


def _header(delivery: Delivery, name: str) -> str | None:
    return next((value for spelling in _SPELLINGS if (value := delivery.headers.get(spelling + name))), None)
