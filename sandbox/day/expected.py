"""From the facts to the documents that must be in the books, worked out by hand and nobody else's rules."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sandbox.day.documents import (
    CreditApplication,
    CreditMemo,
    CustomerRefund,
    Documents,
    Invoice,
    InvoicePayment,
    LinkedAmount,
)
from sandbox.day.facts import Facts, Order, Payment, Refund
from sandbox.day.needs import ConnectionNeed
from sandbox.day.shops import CONNECTION_OF

OrderKey = tuple[str, str]


def documents(facts: Facts) -> Documents:
    """Every document that the facts must leave behind."""
    orders = {(order.source, order.key): order for order in facts.orders}
    unpaid = [refund for refund in facts.refunds if not refund.money]
    moved = [refund for refund in facts.refunds if refund.money]
    kept_open = [one for one in moved if CONNECTION_OF[one.source].refund_policy == "credit_memo"]
    handed_back = [one for one in moved if CONNECTION_OF[one.source].refund_policy == "customer_refund"]
    return Documents(
        invoices=tuple(_invoice(order) for order in facts.orders),
        invoice_payments=tuple(_payment(payment, orders) for payment in facts.payments),
        credit_memos=tuple(_credit_memo(refund, orders) for refund in (*kept_open, *unpaid)),
        credit_applications=tuple(_application(refund, orders, facts.payments) for refund in unpaid),
        customer_refunds=tuple(_customer_refund(refund, orders) for refund in handed_back),
    )


def invoice_marker(order: Order) -> str:
    """What the invoice's memo says."""
    return f"Order {order.number}"


def payment_marker(payment: Payment) -> str:
    """What the payment's memo says."""
    return f"Payment {payment.key}"


def customer(order: Order) -> str:
    """Whose document it is: name, else e-mail, else the till; abroad with the currency behind it."""
    need = CONNECTION_OF[order.source]
    plain = order.buyer.name or order.buyer.email or need.cash_customer
    return plain if order.currency == need.home_currency else f"{plain} ({order.currency})"


def clearing(need: ConnectionNeed, gateway: str) -> str:
    """The account that the gateway's money goes to."""
    return dict(need.clearing).get(gateway, need.default_clearing)


def _local(need: ConnectionNeed, at: datetime) -> date:
    return at.astimezone(ZoneInfo(need.time_zone)).date()


def _amounts(amounts: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(amount for amount in amounts if amount))


def _invoice(order: Order) -> Invoice:
    need = CONNECTION_OF[order.source]
    lines = [line.total for line in order.lines]
    lines += [order.shipping, order.tip, -order.discount, order.rounding]
    if need.tax_mode == "line":
        lines.append(order.tax)
    return Invoice(
        connection=need.alias,
        marker=invoice_marker(order),
        currency=order.currency,
        total=order.total,
        date=_local(need, order.completed_at),
        customer=customer(order),
        lines=_amounts(lines),
        tax=order.tax if need.tax_mode == "header" else 0,
    )


def _payment(payment: Payment, orders: dict[OrderKey, Order]) -> InvoicePayment:
    need = CONNECTION_OF[payment.source]
    paid = [(orders[payment.source, share.order], share.amount) for share in payment.shares]
    return InvoicePayment(
        connection=need.alias,
        marker=payment_marker(payment),
        currency=payment.currency,
        total=payment.amount,
        date=_local(need, payment.received_at),
        customer=customer(paid[0][0]),
        account=clearing(need, payment.gateway),
        linked=tuple(LinkedAmount(invoice_marker(order), amount) for order, amount in paid),
    )


def _refund_lines(refund: Refund) -> tuple[int, ...]:
    if refund.lines is None:
        return (refund.amount,)
    goods = [line.total for line in refund.lines]
    return _amounts([*goods, refund.shipping, refund.tip, refund.adjustment, refund.tax])


def _credit_memo(refund: Refund, orders: dict[OrderKey, Order]) -> CreditMemo:
    need = CONNECTION_OF[refund.source]
    return CreditMemo(
        connection=need.alias,
        marker=refund.key,
        currency=refund.currency,
        total=refund.amount,
        date=_local(need, refund.issued_at),
        customer=customer(orders[refund.source, refund.order]),
        lines=_refund_lines(refund),
    )


def _application(refund: Refund, orders: dict[OrderKey, Order], payments: tuple[Payment, ...]) -> CreditApplication:
    """Up to what is open on the invoice; the day's credits leave room, so no order of arrival changes it."""
    order = orders[refund.source, refund.order]
    paid = sum(
        share.amount
        for payment in payments
        if payment.source == order.source
        for share in payment.shares
        if share.order == order.key
    )
    amount = min(refund.amount, order.total - paid)
    return CreditApplication(
        connection=CONNECTION_OF[refund.source].alias,
        marker=refund.key,
        currency=refund.currency,
        total=amount,
        customer=customer(order),
        linked=(LinkedAmount(invoice_marker(order), amount),),
    )


def _customer_refund(refund: Refund, orders: dict[OrderKey, Order]) -> CustomerRefund:
    need = CONNECTION_OF[refund.source]
    return CustomerRefund(
        connection=need.alias,
        marker=refund.key,
        currency=refund.currency,
        total=refund.amount,
        date=_local(need, refund.issued_at),
        customer=customer(orders[refund.source, refund.order]),
        account=clearing(need, refund.money[0].gateway),
        lines=_refund_lines(refund),
    )
