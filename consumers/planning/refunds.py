"""`refund.issued` becomes a credit memo or a customer refund, by the connection's policy.

A refund of money never touches an invoice's open balance: it waits until its payment is in the books, and then stands
by itself. A credit without money is set against what is open on the order's invoice.
"""

from collections.abc import Mapping

from consumers.planning import wording
from consumers.planning.amounts import refund_misfit, refund_taxes, remitted_by_marketplace
from consumers.planning.clearing import ask_clearing
from consumers.planning.invoiced import Invoiced, ask_orders, customer_keys, customer_of, invoiced
from consumers.planning.keys import (
    credit_application_key,
    credit_memo_key,
    customer_refund_key,
    invoice_key,
    order_key,
    payment_key,
)
from consumers.planning.questions import Question
from consumers.planning.refund_documents import Returned, credit_application, credit_memo, customer_refund
from consumers.planning.refund_money import payments_missing, refunded_through, through_account
from consumers.planning.refund_orders import named_orders, named_payments, other_refunds, refunded_order
from consumers.planning.refund_parts import ask_refund_items, refund_parts
from schemas.books import Applied, Books, References
from schemas.connections import Connection
from schemas.documents import Write
from schemas.events import Event, RefundIssued
from schemas.facts import Refund
from schemas.plans import Cause, Hold, Park, Plan, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import PLATFORMS, platform


def refund_references(event: RefundIssued, known: Mapping[str, Event]) -> References:
    """What is read of our own: its payments, its order (named, or through them), the invoice and its customer."""
    refund = event.data.refund
    orders, payments = named_orders(refund, known), named_payments(refund)
    documents = {credit_memo_key(refund.id), customer_refund_key(refund.id)}
    documents |= {credit_application_key(refund.id, order) for order in orders}
    return References(
        links=frozenset({*documents, *map(invoice_key, orders), *map(payment_key, payments)})
        | customer_keys(orders, known),
        facts=frozenset({*map(order_key, orders), *map(payment_key, payments)}),
        orders=orders,
    )


def refund_questions(event: RefundIssued, known: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    refund = event.data.refund
    orders = named_orders(refund, known)
    accounts = refunded_through(refund, known) if connection.mapping.policies.refund == "customer_refund" else ()
    return (
        *ask_orders(orders, known, connection),
        *ask_refund_items(refund, orders, known, connection),
        *(question for paid in accounts for question in ask_clearing(paid, connection.mapping)),
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
    stopped = _exceeds(refund, invoice, books) or payments_missing(refund, invoice, books)
    if stopped is not None:
        return stopped
    customer = customer_of(invoice.order, books)
    if isinstance(customer, Hold | Park):
        return customer
    parts = refund_parts(refund, invoice.order, books)
    if isinstance(parts, Park):
        return parts
    returned = Returned(event=event, invoice=invoice, customer=customer, parts=parts, connection=books.connection)
    writes = _writes(returned, books)
    return writes if isinstance(writes, Hold | Park) else Post(writes=writes, found=customer.found)


def _writes(returned: Returned, books: Books) -> tuple[Write, ...] | Hold | Park:
    refund = returned.refund
    if not refund.money:
        return _credit(returned, books.applied.get(returned.invoice.order.id, ()))
    if {credit_memo_key(refund.id), customer_refund_key(refund.id)} & books.links.keys():
        return ()  # it is in the books as one of the two: a policy that has changed since makes it no other
    if books.connection.mapping.policies.refund != "customer_refund":
        return (credit_memo(returned),)
    account = through_account(refund, books)
    return account if isinstance(account, Park) else (customer_refund(returned, account),)


def _credit(returned: Returned, applied: tuple[Applied, ...]) -> tuple[Write, ...] | Hold:
    """The memo, set against what is open; it waits while a write on its way may take what it would be set against."""
    refund, invoice = returned.refund, returned.invoice
    own = credit_application_key(refund.id, invoice.order.id)
    wanted = min(refund.amount, invoice.open(tuple(one for one in applied if one.proven), but=own))
    if wanted <= 0:
        return (credit_memo(returned),)
    contested = invoice.contested(wanted, applied, but=own)
    return contested or (credit_memo(returned), credit_application(returned, wanted))


def _wrong_by_itself(refund: Refund, connection: Connection) -> Park | None:
    """What no waiting can mend."""
    subject = f"refund {refund.id}"
    misfit = refund_misfit(refund)
    if misfit is not None:
        cure = "have the source send the refund again with numbers that add up; it is read anew by itself"
        return Park(cause=Cause.DOES_NOT_TIE, subject=subject, detail=misfit, cure=cure)
    foreign = remitted_by_marketplace(refund_taxes(refund))
    if foreign:
        detail = f"{wording.money(foreign, refund.currency)} of its tax is remitted by the marketplace"
        cure = "book it by hand in the books, then leave it parked"
        return Park(cause=Cause.MARKETPLACE_TAX, subject=subject, detail=detail, cure=cure)
    moved = sum(money.amount for money in refund.money)
    if refund.money and moved < refund.amount:
        detail = (
            f"of {wording.money(refund.amount, refund.currency)}, {wording.money(moved, refund.currency)} "
            "was paid back in money and the rest credited; this version books one or the other"
        )
        return Park(cause=Cause.NOT_SUPPORTED, subject=subject, detail=detail, cure="book it by hand in the books")
    return _policy_missing(connection) if refund.money else None


def _policy_missing(connection: Connection) -> Park | None:
    policy = connection.mapping.policies.refund
    if policy is None:
        return Park(
            cause=Cause.NO_REFUND_POLICY,
            subject="",
            detail=f"nothing says what a refund of money becomes in the books of {connection.alias}",
            cure=wording.apply(connection, (), 'refund_policy = "credit_memo" or "customer_refund"'),
        )
    if policy == "customer_refund" and not platform(connection.platform).has(Feature.CUSTOMER_REFUNDS):
        those = " and ".join(one.title for one in PLATFORMS.values() if one.has(Feature.CUSTOMER_REFUNDS))
        return Park(
            cause=Cause.NOT_SUPPORTED,
            subject=f"customer refunds on {connection.platform}",
            detail=f"customer refunds can be written on {those}, not on {connection.platform}",
            cure=wording.apply(connection, (), 'refund_policy = "credit_memo"'),
        )
    return None


def _exceeds(refund: Refund, invoice: Invoiced, books: Books) -> Park | None:
    """All refunds told for an order together give back no more than it came to."""
    order = invoice.order
    others = sum(one.amount for one in other_refunds(refund, order.id, books))
    whole = others + refund.amount
    if whole <= order.total:
        return None
    before = f" with {wording.money(others, refund.currency)} refunded besides" if others else ""
    return Park(
        cause=Cause.EXCEEDS_ORDER,
        subject=f"order {order.number}",
        detail=f"{wording.money(refund.amount, refund.currency)}{before} is "
        f"{wording.money(whole - order.total, refund.currency)} more than the order's "
        f"{wording.money(order.total, refund.currency)}",
        cure="book what is beyond the order by hand in the books",
    )
