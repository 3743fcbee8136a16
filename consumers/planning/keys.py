"""Natural keys of documents, unique within (connection, namespace)."""

from schemas.events import natural_key


def invoice_key(order_id: str) -> str:
    """`invoice:{order}`."""
    return natural_key("invoice", order_id)


def order_key(order_id: str) -> str:
    """`order:{order}`: the fact, not a document."""
    return natural_key("order", order_id)


def payment_key(payment_id: str) -> str:
    """`payment:{payment}`: both the fact and its invoice payment."""
    return natural_key("payment", payment_id)


def payments_key(order_id: str) -> str:
    """`payments:{order}`: what is awaited until more has been paid on the order."""
    return natural_key("payments", order_id)


def credit_memo_key(refund_id: str) -> str:
    """`credit_memo:{refund}`."""
    return natural_key("credit_memo", refund_id)


def customer_refund_key(refund_id: str) -> str:
    """`customer_refund:{refund}`."""
    return natural_key("customer_refund", refund_id)


def credit_application_key(refund_id: str, order_id: str) -> str:
    """`credit_application:{refund}:{order}`."""
    return f"{natural_key('credit_application', refund_id)}:{natural_key('', order_id)[1:]}"
