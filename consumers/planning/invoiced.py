"""The invoice that a payment or refund refers to: its order, what is open on it, and whose it is; or why it waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from consumers.customer_identity import customer_key
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.keys import invoice_key, order_key
from consumers.planning.questions import Question
from schemas.books import OUTCOME, Applied, Books
from schemas.connections import Connection
from schemas.documents import Ref
from schemas.events import Event, OrderCompleted
from schemas.facts import Order
from schemas.plans import Cause, Hold, Park


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoiced:
    """An order whose invoice is in the books as we meant it."""

    order: Order
    ref: Ref
    total: int

    def open(self, applied: tuple[Applied, ...], but: str) -> int:
        """What is open on it, in minor units, leaving out what `but` (a natural key) itself took off.

        What is spoken for by a write that is not proven yet is not open: two would be planned against the same balance.
        """
        return self.total - sum(one.minor for one in applied if one.by != but)

    def contested(self, minor: int, applied: tuple[Applied, ...], but: str) -> Hold | None:
        """What to wait for, when so much of it is open only if a write on its way turns out not to be in the books."""
        left = self.open(applied, but)
        doubted = [one for one in applied if one.by != but and not one.proven]
        if not left < minor <= left + sum(one.minor for one in doubted):
            return None
        first = doubted[0]
        return Hold(
            f"{OUTCOME}{first.by}",
            f"{first.by} may take what is open on order {self.order.number}, and is not known to be in the books yet",
        )


def invoiced(order_id: str, currency: str, books: Books) -> Invoiced | Hold | Park:
    """The invoice of that order."""
    key = invoice_key(order_id)
    fact, link = books.facts.get(order_key(order_id)), books.links.get(key)
    if order_key(order_id) in books.conflicted:
        return Hold(key, f"the tellings of order {order_id} conflict")
    if link is None or link.rutter_id is None or not isinstance(fact, OrderCompleted):
        return Hold(key, f"the invoice of order {order_id} is not in the books yet")
    if link.different:
        return Hold(key, f"the invoice of order {order_id} is written different")
    order = fact.data.order
    if order.currency != currency:
        return Park(
            cause=Cause.NOT_SUPPORTED,
            subject=f"order {order.number}",
            detail=f"the money is {currency}, the order is {order.currency}",
            cure="book it by hand; this version does not convert currencies",
        )
    return Invoiced(order=order, ref=Ref(key), total=order.total if link.total is None else link.total.minor)


def customer_of(order: Order, books: Books) -> Chosen | Hold | Park:
    """Whose invoice it is: made with it, so it is linked or in the books by now."""
    chosen = choose_customer(order.customer, order.currency, books)
    if isinstance(chosen, Park) or chosen.made_by is None:
        return chosen
    return Hold(chosen.made_by.key, f"the customer of order {order.id} is not in the books yet")


def ask_orders(order_ids: frozenset[str], facts: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    """What to ask about the customers of those orders, as far as they are known."""
    return tuple(
        question
        for order in known_orders(order_ids, facts)
        for question in ask_customer(order.customer, order.currency, connection)
    )


def customer_keys(order_ids: frozenset[str], facts: Mapping[str, Event]) -> frozenset[str]:
    """The natural keys of those orders' customers."""
    return frozenset(customer_key(order.customer, order.currency) for order in known_orders(order_ids, facts))


def known_orders(order_ids: frozenset[str], facts: Mapping[str, Event]) -> tuple[Order, ...]:
    """Those orders that were told."""
    told = (facts.get(order_key(order_id)) for order_id in sorted(order_ids))
    return tuple(fact.data.order for fact in told if isinstance(fact, OrderCompleted))
