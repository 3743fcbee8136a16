"""Natural keys of documents, unique within (connection, namespace)."""

from schemas.events import natural_key


def invoice_key(order_id: str) -> str:
    """`invoice:{order}`."""
    return natural_key("invoice", order_id)


def order_key(order_id: str) -> str:
    """`order:{order}`: the fact, not a document."""
    return natural_key("order", order_id)


def amendment_key(order_id: str, revision: int) -> str:
    """`amendment:{order}:{revision}`: the fact, and its supplementary invoice or credit memo."""
    return f"{natural_key('amendment', order_id)}:{revision}"


def payment_key(payment_id: str) -> str:
    """`payment:{payment}`: both the fact and its invoice payment."""
    return natural_key("payment", payment_id)


def payments_key(order_id: str) -> str:
    """`payments:{order}`: what is awaited until more has been paid on the order."""
    return natural_key("payments", order_id)


def refund_key(refund_id: str) -> str:
    """`refund:{refund}`: the fact, not a document."""
    return natural_key("refund", refund_id)


def credit_memo_key(refund_id: str) -> str:
    """`credit_memo:{refund}`."""
    return natural_key("credit_memo", refund_id)


def customer_refund_key(refund_id: str, part: int = 1) -> str:
    """`customer_refund:{refund}`; where money leaves several accounts, the second is `customer_refund:{refund}:2`."""
    key = natural_key("customer_refund", refund_id)
    return key if part == 1 else f"{key}:{part}"


def credit_application_key(refund_id: str, order_id: str) -> str:
    """`credit_application:{refund}:{order}`."""
    return f"{natural_key('credit_application', refund_id)}:{natural_key('', order_id)[1:]}"


def application_key(of: str) -> str:
    """`credit_application:amendment:{order}:{revision}` and its like: of the credit memo that has the key `of`.

    A refund's has two parts behind the noun, these have three.
    """
    return f"credit_application:{of}"


def void_key(of: str) -> str:
    """`void:invoice:{order}` and its like: of the invoice that has the key `of`."""
    return f"void:{of}"


def cancellation_key(order_id: str) -> str:
    """`reversal:invoice:{order}`: the credit memo that takes back what is open on a cancelled order."""
    return f"reversal:{invoice_key(order_id)}"


def payment_reversal_key(reversal_id: str) -> str:
    """`reversal:payment:{payment reversal}`: the customer refund of money that was taken back."""
    return f"reversal:{payment_key(reversal_id)}"


def reopened_key(reversal_id: str) -> str:
    """`reopened:payment:{payment reversal}`: the invoice by which that money is owed again."""
    return f"reopened:{payment_key(reversal_id)}"


def refund_reversal_key(reversal_id: str) -> str:
    """`reversal:refund:{refund reversal}`: the invoice by which a refund that failed is owed again."""
    return f"reversal:{refund_key(reversal_id)}"


def returned_money_key(reversal_id: str) -> str:
    """`reversal_payment:refund:{refund reversal}`: the payment by which the money of a refund that failed is back."""
    return f"reversal_payment:{refund_key(reversal_id)}"
