"""Being written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from handlers import configured, timed_hex
from schemas.deliveries import Delivery, Ignored, Refused, Translation, Verified
from schemas.sources import Kind, Source


class Stripe:
    """One Stripe account."""

    name: Kind = "stripe"

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:
        """Any `v1` signature with any active endpoint secret, within the tolerance."""
        header = delivery.headers.get("stripe-signature")
        problem = timed_hex.problem(header, delivery.body, source.secrets, now, source.tolerance_seconds)
        return Refused(problem) if problem else Verified(delivery)

    def translate(self, verified: Verified, source: Source) -> Translation:  # noqa: ARG002  # being written
        """Being written."""
        return Ignored("not read yet")

    def sign(
        self,
        body: bytes,
        secret: str,
        now: datetime,
        *,
        headers: Mapping[str, str],
        auth: Literal["bearer", "hmac"] = "bearer",  # noqa: ARG002  # the protocol's; one way to sign here
    ) -> dict[str, str]:
        """`Stripe-Signature`."""
        signed = {"Stripe-Signature": timed_hex.signature(body, secret, now)}
        typed = any(name.lower() == "content-type" for name in headers)
        return signed if typed else signed | {"Content-Type": "application/json; charset=utf-8"}

    def check(self, source: Source) -> str | None:
        """Secrets there, and not an API key, which Stripe shows on another page."""
        if any(secret.startswith(("sk_", "rk_", "pk_")) for secret in source.secrets):
            return f"source {source.name}: an API key; webhooks are signed with the endpoint's secret (whsec_ …)"
        return configured.problem(source, "the endpoint's signing secret (whsec_ …)")
