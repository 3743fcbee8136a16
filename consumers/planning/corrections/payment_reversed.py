"""`payment.reversed`: money leaves the clearing account again; what it had paid may be owed again.

It is a customer refund on the item for payments taken back; owed again, an invoice on the same item stands against it.
"""

from collections.abc import Mapping

from consumers.customer_identity import customer_key
from consumers.planning import wording
from consumers.planning.clearing import ask_clearing, clearing_account, paid
from consumers.planning.corrections.headings import heading_of
from consumers.planning.corrections.order_reading import draft
from consumers.planning.credit_documents import Heading, customer_refund
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.invoice_write import Draft, ask_draft, invoice_of
from consumers.planning.invoiced import ask_orders, customer_keys, customer_of, known_orders
from consumers.planning.items import ask_role, pick_role
from consumers.planning.keys import order_key, payment_key, payment_reversal_key, reopened_key
from consumers.planning.lines import Part
from consumers.planning.order_parts import OrderParts
from consumers.planning.payments import paid_orders
from consumers.planning.questions import Question
from consumers.planning.refund_orders import told_payment
from consumers.planning.rules import order_facts
from schemas.books import Books, Link, References
from schemas.connections import Connection
from schemas.corrections import PaymentReversal
from schemas.documents import Write
from schemas.events import Event, PaymentReversed
from schemas.facts import Customer, Order, Payment, Shipping
from schemas.plans import Cause, Hold, Park, Plan, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import PLATFORMS, platform


def payment_reversal_references(event: PaymentReversed, known: Mapping[str, Event]) -> References:
    """The payment, its orders and their customer, and the documents of its own."""
    reversal = event.data.reversal
    key = payment_key(reversal.payment_id)
    payment = told_payment(reversal.payment_id, known)
    orders = frozenset[str]() if payment is None else paid_orders(payment)
    own = frozenset() if payment is None else {customer_key(payment.customer, payment.currency)}
    return References(
        links=frozenset({key, payment_reversal_key(reversal.id), reopened_key(reversal.id)})
        | own
        | customer_keys(orders, known),
        facts=frozenset({key, *map(order_key, orders)}),
        corrected=frozenset({key}),
    )


def payment_reversal_questions(
    event: PaymentReversed, known: Mapping[str, Event], connection: Connection
) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    payment = told_payment(event.data.reversal.payment_id, known)
    if payment is None:
        return ()
    orders = known_orders(paid_orders(payment), known)
    way = paid(payment.gateway, payment.method, payment.currency, event.namespace, orders)
    owed = _owed(payment, orders, 0)
    return (
        *ask_clearing(way, connection.mapping),
        *ask_orders(paid_orders(payment), known, connection),
        *(() if orders else ask_customer(payment.customer, payment.currency, connection)),
        *ask_role("payment_reversal", connection.mapping.items, order_facts(owed, event.namespace)),
        *ask_draft(_draft(event, owed), connection),
    )


def plan_payment_reversed(event: PaymentReversed, books: Books) -> Plan:
    """The customer refund, and the invoice where it is owed again; or what stands in their way."""
    reversal = event.data.reversal
    key = payment_key(reversal.payment_id)
    payment, link = told_payment(reversal.payment_id, books.facts), books.links.get(key)
    if key in books.conflicted:
        return Hold(key, f"the tellings of payment {reversal.payment_id} conflict")
    if payment is None or link is None or link.rutter_id is None or link.different:
        return Hold(key, f"payment {reversal.payment_id} is {_standing(link)}")
    wrong = _wrong(reversal, payment, books)
    if wrong is not None:
        return wrong
    orders = known_orders(paid_orders(payment), books.facts)
    customer = _customer(payment, orders, books)
    if isinstance(customer, Hold | Park):
        return customer
    minor = reversal.amount if link.total is None else min(reversal.amount, link.total.minor)
    writes = _writes(event, payment, _owed(payment, orders, minor), customer, books)
    return writes if isinstance(writes, Hold | Park) else Post(writes=writes, found=customer.found)


def _standing(link: Link | None) -> str:
    return "not in the books yet" if link is None or link.rutter_id is None else "written different"


def _writes(
    event: PaymentReversed, payment: Payment, owed: Order, customer: Chosen, books: Books
) -> tuple[Write, ...] | Hold | Park:
    reversal, facts = event.data.reversal, order_facts(owed, event.namespace)
    way = paid(payment.gateway, payment.method, payment.currency, event.namespace, (owed,))
    account = clearing_account(way, books)
    if isinstance(account, Park):
        return account
    item = pick_role("payment_reversal", books, facts)
    if isinstance(item, Park):
        return item
    mark = f"reversal {reversal.id}"
    heading = heading_of(event, reversal.reversed_at, owed, books, customer=customer, mark=mark, facts=facts)
    if not isinstance(heading, Heading):
        return heading
    parts = (Part(description=_says(reversal), minor=owed.total, item=item),)
    back = customer_refund(heading, payment_reversal_key(reversal.id), parts, account)
    if not _reopens(reversal, books):
        return (back,)
    again = invoice_of(_draft(event, owed), OrderParts(parts=parts, why=(_why(reversal),)), customer, books)
    return (back, again) if isinstance(again, Write) else again


def _reopens(reversal: PaymentReversal, books: Books) -> bool:
    """Money that never came is owed; of money that a bank took back, the policy says. What is owed already stays so."""
    if reopened_key(reversal.id) in books.links:
        return True
    return reversal.kind == "failed" or books.connection.mapping.policies.chargeback == "reopen"


def _why(reversal: PaymentReversal) -> str:
    owed = "the payment failed" if reversal.kind == "failed" else "a chargeback reopens, by policy"
    fee = reversal.fee
    kept = "" if fee is None else f"; its fee of {wording.money(fee.amount, fee.currency)} is not booked"
    return f"owed again: {owed}{kept}"


def _says(reversal: PaymentReversal) -> str:
    what = "Failed payment" if reversal.kind == "failed" else "Chargeback of payment"
    return f"{what} {reversal.payment_id}"


def _owed(payment: Payment, orders: tuple[Order, ...], minor: int) -> Order:
    """An order of only what was taken back, for the invoice, and for rules to ask: the first that the payment paid."""
    if orders:
        nothing = {"lines": (), "shipping": Shipping(total=0), "tip": 0, "discount": 0, "rounding": 0}
        changed = {**nothing, "total": minor, "due_at": None, "memo": None, "currency": payment.currency}
        return orders[0].model_copy(update=changed)
    return Order(
        id=payment.id,
        number=payment.id,
        completed_at=payment.received_at,
        currency=payment.currency,
        customer=payment.customer or Customer(id=None, name=None, email=None),
        lines=(),
        shipping=Shipping(total=0),
        total=minor,
    )


def _draft(event: PaymentReversed, owed: Order) -> Draft:
    reversal = event.data.reversal
    return draft(
        owed, event, reversal.reversed_at, key=reopened_key(reversal.id), title=_says(reversal), mark=reversal.id
    )


def _customer(payment: Payment, orders: tuple[Order, ...], books: Books) -> Chosen | Hold | Park:
    """Whose payment it was."""
    if orders:
        return customer_of(orders[0], books)
    return choose_customer(payment.customer, payment.currency, books)


def _wrong(reversal: PaymentReversal, payment: Payment, books: Books) -> Park | None:
    subject = f"payment {payment.id}"
    if reversal.currency != payment.currency:
        detail = f"{reversal.currency} was taken back of a payment in {payment.currency}"
        return Park(cause=Cause.NOT_SUPPORTED, subject=subject, detail=detail, cure="book it by hand in the books")
    told = books.reversals.get(payment_key(payment.id), ())
    amounts = {one.data.reversal.id: one.data.reversal.amount for one in told if isinstance(one, PaymentReversed)}
    whole = sum({**amounts, reversal.id: reversal.amount}.values())
    if whole > payment.amount and payment_reversal_key(reversal.id) not in books.links:
        detail = f"{wording.money(whole, payment.currency)} was taken back of a payment of "
        detail += wording.money(payment.amount, payment.currency)
        cure = "book what is beyond the payment by hand in the books"
        return Park(cause=Cause.EXCEEDS_ORDER, subject=subject, detail=detail, cure=cure)
    return _unsupported(reversal, books) or _undecided(reversal, books)


def _undecided(reversal: PaymentReversal, books: Books) -> Park | None:
    connection = books.connection
    if reversal.kind == "failed" or connection.mapping.policies.chargeback is not None:
        return None
    return Park(
        cause=Cause.NO_POLICY,
        subject="chargebacks",
        detail=f"nothing says what a chargeback becomes in the books of {connection.alias}",
        cure=wording.apply(connection, (), 'chargeback = "loss" or "reopen"'),
    )


def _unsupported(reversal: PaymentReversal, books: Books) -> Park | None:
    software = platform(books.connection.platform)
    if software.has(Feature.CUSTOMER_REFUNDS):
        return None
    those = " and ".join(one.title for one in PLATFORMS.values() if one.has(Feature.CUSTOMER_REFUNDS))
    return Park(
        cause=Cause.NOT_SUPPORTED,
        subject=f"{reversal.kind} payments on {books.connection.platform}"
        if reversal.kind == "failed"
        else f"chargebacks on {books.connection.platform}",
        detail=f"money that leaves again is a customer refund, which can be written on {those}: "
        f"{software.why(Feature.CUSTOMER_REFUNDS)}",
        cure="book it by hand in the books, then leave it parked",
    )
