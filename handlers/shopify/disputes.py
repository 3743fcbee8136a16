"""Disputes of Shopify Payments. They name their order and not the transaction that they take back.

A payment is taken back by its name. An order may have several, so one that is lost goes to a person, who sees which; it
is never guessed. One that is not decided yet may still be won, and then nothing has changed.
"""

from typing import Final

from handlers.fields import Field
from schemas.deliveries import Ignored, Translation
from schemas.sources import Source

_IGNORED: Final = {
    "needs_response": "not decided yet",
    "under_review": "not decided yet",
    "charge_refunded": "refunds/create tells what went back",
    "won": "the money stays",
}
_LOST: Final = frozenset({"lost", "accepted"})


def read(body: Field, source: Source) -> Translation:  # noqa: ARG001  # as every reader; a dispute tells nothing yet
    """Nothing, or what a person must look at."""
    body.get("id").required()
    kind, status = body.get("type"), body.get("status")
    if kind.word() not in ("chargeback", "inquiry"):
        raise kind.bad("not a type of dispute")
    if kind.word() == "inquiry":
        return Ignored("an inquiry: no money moved")
    if status.word() in _IGNORED:
        return Ignored(f"{status.word().replace('_', ' ')}: {_IGNORED[status.word()]}")
    if status.word() not in _LOST:
        raise status.bad("not a status of a dispute")
    raise body.get("payment_id").bad(
        f"a chargeback that is {status.word()}, and Shopify does not say which payment of the order it took back: "
        "publish it as payment.reversed, or book it by hand"
    )
