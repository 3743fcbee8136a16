"""What changes an order after it was told: an edit, a cancellation."""

from datetime import UTC, datetime, timedelta
from typing import Final

from handlers.building import order_amended, order_cancelled
from handlers.fields import Field
from handlers.shopify import ids, orders
from handlers.shopify.edits import edited
from handlers.shopify.money import ShopMoney
from schemas.corrections import Amendment, Cancellation
from schemas.deliveries import Ignored, Told, Translation
from schemas.sources import Source

_PAID_ONCE: Final = frozenset({"paid", "partially_refunded", "refunded"})
"""Statuses of an order that was told: it is told once it is paid."""
_MAY_HAVE_BEEN: Final = _PAID_ONCE | {"partially_paid"}
"""An edit that adds to a paid order leaves it partly paid."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def read_updated(body: Field, source: Source) -> Translation:
    """`orders/updated`, `orders/fulfilled`: an edited order is amended; any other is told as ever, once paid."""
    if orders.why_never(body) or orders.status(body) not in _MAY_HAVE_BEEN:
        return orders.read(body, source)
    shop = ShopMoney(body.get("currency").currency())
    lossy = ids.lost_digits(body, "Order")
    order = edited(body, shop, orders.order(body, shop, lossy=lossy))
    if order is None:
        return orders.read(body, source)
    at = body.get("updated_at").time()
    revision = (at - _EPOCH) // _MILLISECOND
    amendment = Amendment(order=order, revision=revision, amended_at=at)
    return Told((order_amended(source, amendment),), orders.notes(body, shop, lossy=lossy))


def read_cancelled(body: Field, source: Source) -> Translation:
    """`orders/cancelled`: of an order that was paid, and so told. What goes back, `refunds/create` tells."""
    if body.get("test").flag():
        return Ignored("a test order")
    if orders.status(body) not in _PAID_ONCE:
        return Ignored("cancelled before it was paid, and an order is told once it is paid")
    cancellation = Cancellation(
        order_id=ids.own(body, "Order"),
        cancelled_at=body.get("cancelled_at").time(),
        reason=body.get("cancel_reason").text(),
    )
    return Told((order_cancelled(source, cancellation),))
