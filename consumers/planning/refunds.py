"""`refund.issued` becomes a credit memo, or customer refunds, by the connection's policy.

A refund of money never touches an invoice's open balance: it waits until its payment is in the books, and then stands
by itself. A credit without money is set against what is open on the order's invoices. Of a refund that is both, the
money comes first: what is beyond it is the credit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from consumers.planning import wording
from consumers.planning.amounts import refund_misfit
from consumers.planning.bills import bill_links, paid_by
from consumers.planning.clearing import ask_clearing
from consumers.planning.credit_documents import Heading, applied_credit, credit_memo, customer_refund
from consumers.planning.dates import Dated, dated
from consumers.planning.invoiced import Invoiced, ask_orders, customer_keys, customer_of, invoiced, known_orders
from consumers.planning.item_creation import created_items
from consumers.planning.keys import (
    cancellation_key,
    credit_application_key,
    credit_memo_key,
    customer_refund_key,
    order_key,
    payment_key,
    refund_key,
)
from consumers.planning.lines import Part
from consumers.planning.questions import Question
from consumers.planning.refund_limits import exceeds, left_out
from consumers.planning.refund_money import leaving, payments_missing, refunded_through
from consumers.planning.refund_orders import named_orders, named_payments, refunded_order
from consumers.planning.refund_parts import RefundParts, ask_refund_items, refund_parts
from consumers.planning.rules import order_facts
from consumers.planning.splitting import split
from consumers.planning.tracking import ask_tracking, tracked
from schemas.books import Applied, Books, References
from schemas.connections import Connection
from schemas.documents import Write
from schemas.events import Event, RefundIssued
from schemas.facts import Refund
from schemas.plans import Cause, Hold, Park, Plan, Post, Skip
from schemas.platforms.capability import Feature
from schemas.platforms.registry import PLATFORMS, platform


def refund_references(
    event: RefundIssued, known: Mapping[str, Event], applied: Mapping[str, tuple[Applied, ...]]
) -> References:
    """What is read of our own: its payments, its order (named, or through them), the invoices and their customer."""
    refund = event.data.refund
    orders, payments = named_orders(refund, known), named_payments(refund)
    documents = {credit_memo_key(refund.id), customer_refund_key(refund.id)}
    documents |= {customer_refund_key(refund.id, part) for part in range(2, len(refund.money) + 1)}
    documents |= {credit_application_key(refund.id, order) for order in orders}
    others = {one.key for one in known.values() if isinstance(one, RefundIssued)}
    return References(
        links=frozenset({*documents, *map(cancellation_key, orders), *map(payment_key, payments)})
        | bill_links(orders, known)
        | customer_keys(orders, known),
        facts=frozenset({*map(order_key, orders), *map(payment_key, payments)}) | paid_by(orders, applied),
        orders=orders,
        corrected=paid_by(orders, applied) | others | {refund_key(refund.id)},
    )


def refund_questions(event: RefundIssued, known: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    refund = event.data.refund
    orders = named_orders(refund, known)
    ways = refunded_through(event, known) if connection.mapping.policies.refund == "customer_refund" else ()
    told = known_orders(orders, known)
    return (
        *ask_orders(orders, known, connection),
        *ask_refund_items(refund, event.namespace, orders, known, connection),
        *(question for order in told for question in ask_tracking(order_facts(order, event.namespace), connection)),
        *(question for way, _ in ways for question in ask_clearing(way, connection.mapping)),
    )


def plan_refund(event: RefundIssued, books: Books) -> Plan:
    """The documents of the refund; or what it waits for."""
    refund = event.data.refund
    wrong = _wrong_by_itself(refund, books.connection)
    if wrong is not None:
        return wrong
    order_id = refunded_order(refund, books)
    if isinstance(order_id, Hold | Park):
        return order_id
    invoice = invoiced(order_id, refund.currency, books)
    if isinstance(invoice, Hold | Park):
        return invoice
    stopped = exceeds(refund, invoice, books) or payments_missing(refund, invoice, books)
    if stopped is not None:
        return stopped
    given = _given(event, invoice, books)
    if not isinstance(given, _Given):
        return given
    writes = _writes(given, books)
    if isinstance(writes, Hold | Park):
        return writes
    made = created_items((part.item.creates for part in given.parts.parts), books)
    return made if isinstance(made, Park) else Post(writes=(*made, *writes), found=given.heading.customer.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """A refund with all that its documents need; in minor units, `money` of `net` went back as money."""

    event: RefundIssued
    invoice: Invoiced
    heading: Heading
    parts: RefundParts
    net: int
    money: int

    @property
    def refund(self) -> Refund:
        return self.event.data.refund


def _given(event: RefundIssued, invoice: Invoiced, books: Books) -> _Given | Hold | Park | Skip:
    refund = event.data.refund
    foreign = left_out(refund, invoice, books)
    net = refund.amount - foreign
    if net <= 0:
        return Skip("all of it is tax that the marketplace remits: none of it is in the books")
    customer = customer_of(invoice.order, books)
    if isinstance(customer, Hold | Park):
        return customer
    money = min(net, max(0, sum(one.amount for one in refund.money) - max(0, foreign)))
    facts = order_facts(invoice.order, event.namespace)
    parts = refund_parts(refund, net, invoice, facts, books, whole=not (money and _pays_out(refund, books)))
    if isinstance(parts, Park):
        return parts
    date = dated(refund.issued_at, books)
    if not isinstance(date, Dated):
        return date
    places = tracked(facts, books, "credit")
    if isinstance(places, Park):
        return places
    said = f"{wording.money(foreign, refund.currency)} of it is tax that the marketplace remits: not booked"
    heading = Heading(
        connection=books.connection,
        namespace=event.namespace,
        customer=customer,
        currency=refund.currency,
        dated=date,
        mark=f"refund {refund.id}",
        taxed=bool(parts.why) and _has_tax(refund),
        tracked=places,
        left_out=foreign,
        why=(*parts.why, *((said,) if foreign else ())),
    )
    return _Given(event=event, invoice=invoice, heading=heading, parts=parts, net=net, money=money)


def _pays_out(refund: Refund, books: Books) -> bool:
    """Whether its money becomes customer refunds; what is in the books already is not made otherwise by a policy."""
    in_books = {credit_memo_key(refund.id), customer_refund_key(refund.id)} & books.links.keys()
    if in_books:
        return customer_refund_key(refund.id) in in_books
    return books.connection.mapping.policies.refund == "customer_refund"


def _has_tax(refund: Refund) -> bool:
    taxes = (tax for line in (refund.lines or ()) for tax in line.taxes)
    return any(tax.amount and tax.remitted_by == "seller" for tax in (*taxes, *refund.shipping.taxes))


def _writes(given: _Given, books: Books) -> tuple[Write, ...] | Hold | Park:
    refund = given.refund
    if not given.money or not _pays_out(refund, books):
        return _credit(given, given.parts.parts, given.net - given.money)
    left = leaving(given.event, given.money, books)
    if isinstance(left, Park):
        return left
    *shares, credit = split(given.parts.parts, [*(one.minor for one in left), given.net - given.money])
    documents = [
        customer_refund(_numbered(given.heading, number), customer_refund_key(refund.id, number), share, one.account)
        for number, (share, one) in enumerate(zip(shares, left, strict=True), start=1)
    ]
    if not credit:
        return tuple(documents)
    rest = _credit(given, credit, given.net - given.money)
    return rest if isinstance(rest, Hold) else (*documents, *rest)


def _numbered(heading: Heading, number: int) -> Heading:
    """Each of several has a mark of its own."""
    return heading if number == 1 else replace(heading, mark=f"{heading.mark}, {number}", left_out=0)


def _credit(given: _Given, parts: tuple[Part, ...], most: int) -> tuple[Write, ...] | Hold:
    """A memo, of which `most` is set against what is open: the rest went back as money, which closes no invoice."""
    refund = given.refund
    says = "a credit without money" if not given.money else "left open: the money went back"
    if given.money and most:
        says = f"{wording.money(most, refund.currency)} of it is a credit, the rest left open: the money went back"
    memo = credit_memo(given.heading, credit_memo_key(refund.id), parts, (says,))
    key = credit_application_key(refund.id, given.invoice.order.id)
    return applied_credit(given.heading, memo, key, given.invoice, most) if most else (memo,)


def _wrong_by_itself(refund: Refund, connection: Connection) -> Park | None:
    """What no waiting can mend."""
    misfit = refund_misfit(refund)
    if misfit is not None:
        cure = "have the source send the refund again with numbers that add up; it is read anew by itself"
        return Park(cause=Cause.DOES_NOT_TIE, subject=f"refund {refund.id}", detail=misfit, cure=cure)
    return _policy_missing(connection) if refund.money else None


def _policy_missing(connection: Connection) -> Park | None:
    policy, software = connection.mapping.policies.refund, platform(connection.platform)
    if policy is None:
        return Park(
            cause=Cause.NO_REFUND_POLICY,
            subject="",
            detail=f"nothing says what a refund of money becomes in the books of {connection.alias}",
            cure=wording.apply(connection, (), 'refund_policy = "credit_memo" or "customer_refund"'),
        )
    if policy == "customer_refund" and not software.has(Feature.CUSTOMER_REFUNDS):
        those = " and ".join(one.title for one in PLATFORMS.values() if one.has(Feature.CUSTOMER_REFUNDS))
        return Park(
            cause=Cause.NOT_SUPPORTED,
            subject=f"customer refunds on {connection.platform}",
            detail=f"customer refunds can be written on {those}, not on {connection.platform} "
            f"({software.why(Feature.CUSTOMER_REFUNDS)})",
            cure=wording.apply(connection, (), 'refund_policy = "credit_memo"'),
        )
    return None
