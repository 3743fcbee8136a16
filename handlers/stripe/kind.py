"""Stripe's webhooks: signed with a time, and up to six of them for one sale (Stripe: Types of events).

Each type that tells something names the object that it must carry; every other type means nothing here. The signature's
key is the whole endpoint secret, its `whsec_` included.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal

from handlers import configured, message, timed_hex
from handlers.fields import Field
from handlers.stripe import disputes, invoices, payments, refunds, sessions
from handlers.stripe.snapshot import Snapshot
from schemas.deliveries import Delivery, Ignored, Refused, Translation, Verified
from schemas.sources import Kind, Source

Reader = Callable[[Snapshot], Translation]

_READERS: Final[Mapping[str, tuple[str, Reader]]] = {
    "checkout.session.completed": ("checkout.session", sessions.read),
    "checkout.session.async_payment_succeeded": ("checkout.session", sessions.read),
    "invoice.paid": ("invoice", invoices.read),
    "payment_intent.succeeded": ("payment_intent", payments.read_intent),
    "charge.succeeded": ("charge", payments.read_charge),
    "charge.captured": ("charge", payments.read_charge),
    "invoice_payment.paid": ("invoice_payment", payments.read_invoice_payment),
    "refund.created": ("refund", refunds.read),
    "refund.updated": ("refund", refunds.read),
    "charge.refund.updated": ("refund", refunds.read),
    "refund.failed": ("refund", refunds.read_failed),
    "charge.refunded": ("charge", refunds.read_charge),
    "charge.dispute.funds_withdrawn": ("dispute", disputes.read_withdrawn),
    "charge.dispute.funds_reinstated": ("dispute", disputes.read_reinstated),
}
_IGNORED: Final[Mapping[str, str]] = {
    "invoice.payment_succeeded": "invoice.paid tells it",
    "invoice.voided": "it was not paid, and only invoice.paid tells an order",
    "invoice.marked_uncollectible": "it was not paid, and only invoice.paid tells an order",
    "charge.failed": "no money moved: one that failed after it succeeded is told as a dispute",
    "charge.expired": "an authorisation ended: no money moved",
    "charge.pending": "no money yet",
    "payment_intent.payment_failed": "no money moved: one that failed after it succeeded is told as a dispute",
    "payment_intent.canceled": "no money moved",
    "invoice.payment_failed": "no money moved",
    "checkout.session.async_payment_failed": "no money moved",
    "checkout.session.expired": "no money moved",
    "charge.dispute.created": "no money moved: charge.dispute.funds_withdrawn tells when it does",
    "charge.dispute.updated": "no money moved: charge.dispute.funds_withdrawn tells when it does",
    "charge.dispute.closed": "charge.dispute.funds_withdrawn and funds_reinstated tell its money",
    "credit_note.created": "a document only: its money is told by refund.created",
}


class Stripe:
    """One Stripe account."""

    name: Kind = "stripe"

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:
        """Any `v1` signature with any active endpoint secret, within the tolerance."""
        header = delivery.headers.get("stripe-signature")
        problem = timed_hex.problem(header, delivery.body, source.secrets, now, source.tolerance_seconds)
        return Refused(problem) if problem else Verified(delivery)

    def translate(self, verified: Verified, source: Source) -> Translation:
        """By type."""
        body = message.read(verified.delivery.body)
        if not isinstance(body, Field):
            return body
        _refuse_other_shapes(body)
        kind = body.get("type").word()
        if kind not in _READERS:
            return _ignored(kind)
        expected, reader = _READERS[kind]
        at = body.get("created").unix_time()
        thing = body.get("data", "object").required()
        if thing.get("object").word() != expected:
            raise thing.get("object").bad(f"must be {expected} in an event of type {kind}")
        return reader(Snapshot(kind, at, thing, source))

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
            return "an API key; webhooks are signed with the endpoint's secret (whsec_ …)"
        return configured.problem(source, "the endpoint's signing secret (whsec_ …)")


def _refuse_other_shapes(body: Field) -> None:
    """Only a snapshot event of this one account can be read."""
    shape = body.get("object")
    if shape.value == "v2.core.event":
        raise shape.bad("a thin event, which tells no amounts; choose snapshot events in the endpoint's settings")
    if shape.word() != "event":
        raise shape.bad("not an event: the bare object must stand in an event's data.object")
    if body.get("account").told:
        raise body.get("account").bad("told for a connected account; this source is one account's")


def _ignored(kind: str) -> Ignored:
    shown = kind if kind.isprintable() and len(kind) <= 100 else "a type that is none of Stripe's"
    return Ignored(f"{shown}: {_IGNORED.get(kind, 'means nothing here')}")
