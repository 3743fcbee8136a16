"""Which order a payment pays, and what a payment is called.

A payment is called by its payment intent where it has one, else by its charge: the intent is the one name that its
charge, its session, its invoice and its refunds all know. A payment applies to an order only when the telling names it:
the invoice, the session's own intent, or another source's order through the source's `order_reference`.
"""

from handlers.fields import Field
from schemas.facts import Application
from schemas.sources import Source


def foreign_order(thing: Field, source: Source) -> str | None:
    """The id of another source's order, where this one is told to carry it (`metadata.order_id`)."""
    if source.order_reference is None:
        return None
    field = thing.get(*source.order_reference.split("."))
    if isinstance(field.value, int) and not isinstance(field.value, bool):
        return str(field.value)
    return field.identifier()


def applications(thing: Field, source: Source, own: str | None, amount: int) -> tuple[Application, ...] | None:
    """All of `amount` to the order named, another source's before our `own`; None when none is named.

    A source that is told to carry another one's orders, and does not tell orders itself, never names its own.
    """
    order = foreign_order(thing, source)
    if order is None and (source.order_reference is None or "orders" in source.tells):
        order = own
    return None if order is None else (Application(order_id=order, amount=amount),)
