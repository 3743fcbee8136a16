"""`payment.received` becomes one invoice payment on the invoices of its orders, into the gateway's clearing account."""

from collections.abc import Mapping
from decimal import Decimal

from consumers.customer_identity import customer_key
from consumers.planning import wording
from consumers.planning.bills import bill_links, paid_by
from consumers.planning.clearing import Paid, ask_clearing, clearing_account, paid
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.dates import Dated, dated
from consumers.planning.exact import sensible
from consumers.planning.invoiced import ask_orders, customer_keys, customer_of, known_orders
from consumers.planning.keys import order_key
from consumers.planning.payment_documents import Receipt, invoice_payment
from consumers.planning.payment_methods import ask_method, payment_method
from consumers.planning.payment_shares import Shares, shares
from consumers.planning.questions import Question
from consumers.planning.restored import awaits_first, restored, restores
from schemas.books import Applied, Books, References
from schemas.connections import Connection
from schemas.documents import Write
from schemas.events import Event, PaymentReceived
from schemas.facts import Payment
from schemas.money import Money
from schemas.plans import Cause, Hold, Park, Plan, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


def paid_orders(payment: Payment) -> frozenset[str]:
    """The orders it pays, as far as that is told."""
    return frozenset(part.order_id for part in payment.applies_to or ())


def payment_references(
    event: PaymentReceived, known: Mapping[str, Event], applied: Mapping[str, tuple[Applied, ...]]
) -> References:
    """What is read of our own: its orders' facts, invoices, open balances and customers."""
    first = restores(event.data.payment)
    payment = restored(event, known).data.payment
    orders = paid_orders(payment)
    before = frozenset[str]() if first is None else frozenset({first})
    own = frozenset({customer_key(payment.customer, payment.currency)}) if _may_prepay(payment) else frozenset[str]()
    return References(
        links=frozenset({event.key}) | before | bill_links(orders, known) | customer_keys(orders, known) | own,
        facts=before | frozenset(map(order_key, orders)) | paid_by(orders, applied),
        orders=orders,
        corrected=paid_by(orders, applied),
    )


def payment_questions(
    event: PaymentReceived, known: Mapping[str, Event], connection: Connection
) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    event = restored(event, known)
    payment = event.data.payment
    orders = paid_orders(payment)
    own = ask_customer(payment.customer, payment.currency, connection) if _asks_own(payment, known, connection) else ()
    return (
        *ask_clearing(_paid(event, known), connection.mapping),
        *ask_method(payment, connection),
        *ask_orders(orders, known, connection),
        *own,
    )


def plan_payment(event: PaymentReceived, books: Books) -> Plan:
    """The invoice payment; or what it waits for."""
    first = awaits_first(event.data.payment, books)
    if first is not None:
        return first
    event = restored(event, books.facts)
    payment = event.data.payment
    if payment.applies_to is None:
        return Hold(event.key, "the source did not tell which orders it pays")
    misfit = _more_applied_than_paid(payment)
    if misfit is not None:
        return misfit
    taken = shares(event, books)
    if isinstance(taken, Hold | Park):
        return taken
    customer = _customer(payment, taken, books)
    if isinstance(customer, Hold | Park):
        return customer
    write = _write(event, taken, customer, books)
    if isinstance(write, Hold | Park):
        return write
    made = () if customer.made_by is None else (customer.made_by,)
    return Post(writes=(*made, write), found=customer.found)


def _may_prepay(payment: Payment) -> bool:
    return payment.applies_to == () or payment.customer is not None


def _asks_own(payment: Payment, known: Mapping[str, Event], connection: Connection) -> bool:
    """The payment's own customer is wanted where it pays no order that is told."""
    ahead = payment.customer is not None and connection.mapping.policies.prepayment == "post"
    return payment.applies_to == () or (ahead and not known_orders(paid_orders(payment), known))


def _paid(event: PaymentReceived, known: Mapping[str, Event]) -> Paid:
    payment = event.data.payment
    orders = known_orders(paid_orders(payment), known)
    return paid(payment.gateway, payment.method, payment.currency, event.namespace, orders)


def _more_applied_than_paid(payment: Payment) -> Park | None:
    applied = sum(part.amount for part in payment.applies_to or ())
    if applied <= payment.amount:
        return None
    return Park(
        cause=Cause.DOES_NOT_TIE,
        subject=f"payment {payment.id}",
        detail=f"it pays {wording.money(applied, payment.currency)} of orders with "
        f"{wording.money(payment.amount, payment.currency)}: "
        f"{wording.money(applied - payment.amount, payment.currency)} over",
        cure="have the source send it again with numbers that add up; it is read anew by itself",
    )


def _customer(payment: Payment, taken: Shares, books: Books) -> Chosen | Hold | Park:
    """The invoices' customer; of a payment that pays no order, the payment's own."""
    chosen: Chosen | None = None
    for order in taken.orders:
        customer = customer_of(order, books)
        if isinstance(customer, Hold | Park):
            return customer
        if chosen is not None and customer.id != chosen.id:
            return Park(
                cause=Cause.AMBIGUOUS,
                subject=f"payment {payment.id}",
                detail="it pays orders of different customers, and an invoice payment has one",
                cure="book it by hand, one payment a customer",
            )
        chosen = chosen or customer
    return _prepaying(payment, books) if chosen is None else chosen


def _prepaying(payment: Payment, books: Books) -> Chosen | Park:
    software = platform(books.connection.platform)
    if software.has(Feature.PREPAYMENTS):
        return choose_customer(payment.customer, payment.currency, books)
    return Park(
        cause=Cause.NOT_SUPPORTED,
        subject=f"payments without an order on {books.connection.platform}",
        detail=f"{wording.money(payment.amount, payment.currency)} pays no order, and {books.connection.platform} "
        f"takes payments on invoices only ({software.why(Feature.PREPAYMENTS)})",
        cure="have the source tell the order it pays, or book it by hand",
    )


def _write(event: PaymentReceived, taken: Shares, customer: Chosen, books: Books) -> Write | Hold | Park:
    payment, connection = event.data.payment, books.connection
    account = clearing_account(_paid(event, books.facts), books)
    if isinstance(account, Park):
        return account
    method = payment_method(payment, books)
    if isinstance(method, Park):
        return method
    date = dated(payment.received_at, books)
    if not isinstance(date, Dated):
        return date
    rate = _rate(payment, connection)
    software = platform(connection.platform)
    receipt = Receipt(
        key=event.key,
        total=Money(payment.amount - taken.left_out, payment.currency),
        customer=customer,
        account=account,
        dated=date,
        memo=f"Payment {payment.id}",
        reference=payment.reference or payment.id,
        applies=taken.applies,
        method=method,
        rate=rate,
        left_out=taken.left_out,
        why=(
            *taken.why,
            *(() if taken.applies or taken.why else (f"it pays no order; {software.why(Feature.PREPAYMENTS)}",)),
            *(() if rate is None else (f"rate {rate}, as settled; {software.why(Feature.PAYMENT_RATE)}",)),
            *_why_fee(payment, connection),
        ),
    )
    return invoice_payment(receipt, connection)


def _rate(payment: Payment, connection: Connection) -> Decimal | None:
    """Where the platform takes one, and the money was paid out in the merchant's own currency."""
    settled = payment.settlement
    if settled is None or settled.currency != connection.home_currency or settled.currency == payment.currency:
        return None
    rate = sensible(settled.rate)
    taken = platform(connection.platform).has(Feature.PAYMENT_RATE)
    return rate if taken and rate is not None and rate > 0 else None


def _why_fee(payment: Payment, connection: Connection) -> tuple[str, ...]:
    if payment.fee is None or not payment.fee.amount:
        return ()
    kept = f"{wording.money(payment.fee.amount, payment.fee.currency)} was kept by {payment.gateway or 'the gateway'}"
    by_policy = "by policy (fees = ignore)"
    if connection.mapping.policies.fees == "book":
        by_policy = "though the policy is to book it"
    return (f"fee: {kept}, not booked, {by_policy}; {platform(connection.platform).why(Feature.FEES)}",)
