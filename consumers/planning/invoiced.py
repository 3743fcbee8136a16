"""The invoices that a payment, a refund or a correction refers to: their order, and whose it is; or why it waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consumers.customer_identity import customer_key
from consumers.planning import wording
from consumers.planning.bills import Bill, amendments, bills, coming, spread
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.keys import invoice_key, order_key
from consumers.planning.questions import Question
from schemas.books import OUTCOME, Applied, Books
from schemas.connections import Connection
from schemas.documents import Applies
from schemas.events import Event, OrderCompleted
from schemas.facts import Order
from schemas.plans import Cause, Hold, Park


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoiced:
    """An order whose invoices are in the books as we meant them. `now`: as the last revision told leaves it."""

    order: Order
    now: Order
    bills: tuple[Bill, ...]
    applied: tuple[Applied, ...]
    coming: str | None
    """What is awaited until more is invoiced, where that is told already."""

    @property
    def total(self) -> int:
        """What all its invoices come to."""
        return sum(bill.total for bill in self.bills)

    def open(self, but: str, *, proven: bool = False) -> int:
        """What is open on all of them; see `Bill.open`."""
        return sum(max(0, bill.open(self.applied, but, proven=proven)) for bill in self.bills)

    def spread(self, minor: int, but: str) -> tuple[Applies, ...]:
        """So much of what is open, oldest invoice first."""
        return spread(self.order.id, minor, self.bills, self.applied, but)

    def contested(self, minor: int, but: str) -> Hold | None:
        """What to wait for, when so much is open only if a write on its way turns out not to be in the books."""
        doubted = [one for one in self.applied if one.by != but and not one.proven]
        if not self.open(but) < minor <= self.open(but, proven=True) or not doubted:
            return None
        first = doubted[0]
        return Hold(
            f"{OUTCOME}{first.by}",
            f"{first.by} may take what is open on order {self.order.number}, and is not known to be in the books yet",
        )

    def edited(self, but: str) -> str | None:
        """What somebody did to its invoices in the books, where less is open for it than we know of."""
        ours = {one.document for one in self.applied if one.by.startswith("void:")}
        changed = [bill for bill in self.bills if bill.key not in ours and bill.lacks(self.applied, but)]
        return wording.listed(_seen(bill, self.order.currency) for bill in changed) if changed else None


def invoiced(order_id: str, currency: str, books: Books) -> Invoiced | Hold | Park:
    """The invoices of that order."""
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
    found = bills(order_id, books)
    different = next((bill.key for bill in found if books.links[bill.key].different), None)
    if different is not None:
        return Hold(different, f"{different} is written different")
    told = amendments(order_id, books)
    return Invoiced(
        order=order,
        now=told[-1].data.amendment.order if told else order,
        bills=found,
        applied=books.applied.get(order_id, ()),
        coming=coming(order_id, books),
    )


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


def customer_keys(order_ids: Iterable[str], facts: Mapping[str, Event]) -> frozenset[str]:
    """The natural keys of those orders' customers."""
    return frozenset(customer_key(order.customer, order.currency) for order in known_orders(order_ids, facts))


def known_orders(order_ids: Iterable[str], facts: Mapping[str, Event]) -> tuple[Order, ...]:
    """Those orders that were told."""
    told = (facts.get(order_key(order_id)) for order_id in sorted(order_ids))
    return tuple(fact.data.order for fact in told if isinstance(fact, OrderCompleted))


def edited_in_books(subject: str, what: str, seen: str, cure: str) -> Park:
    """Somebody changed in the books what this builds upon: nothing is written over it."""
    return Park(cause=Cause.EDITED_IN_BOOKS, subject=subject, detail=f"{seen}; {what}", cure=cure)


def _seen(bill: Bill, currency: str) -> str:
    seen = bill.seen
    if seen is None:
        return f"{bill.key} was changed in the books"
    day = seen.at.date().isoformat()
    left = "" if seen.open_minor is None else f", with {wording.money(seen.open_minor, currency)} open"
    match seen.status:
        case "paid":
            return f"{bill.key} was paid in the books by somebody (seen {day}{left})"
        case "void" | "deleted":
            done = "made void" if seen.status == "void" else "deleted"
            return f"{bill.key} was {done} in the books by somebody (seen {day})"
        case "open" | "changed":
            now = "" if seen.total is None else f" to {wording.money(seen.total.minor, currency)}"
            return f"{bill.key} was changed{now} in the books by somebody (seen {day}{left})"
