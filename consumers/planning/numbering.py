"""Document numbers: the source's own number where it fits, else a hash that anyone can derive again."""

import hashlib
from typing import Final

MAX_LENGTH: Final = 21
"""QuickBooks Online takes no longer document number; the other platforms take more."""

INVOICES_NUMBERED: Final = frozenset({"QUICKBOOKS", "QUICKBOOKS_DESKTOP", "XERO", "NETSUITE", "ZOHOBOOKS"})
"""Platforms that take a document number on invoices (Rutter: Create an invoice, document_number)."""
CREDIT_MEMOS_NUMBERED: Final = frozenset({"QUICKBOOKS_DESKTOP", "XERO"})
"""The same for credit memos."""
REFERENCED: Final = frozenset({"QUICKBOOKS", "QUICKBOOKS_DESKTOP", "NETSUITE", "ZOHOBOOKS"})
"""Platforms that take a reference on invoice payments."""


def invoice_number(prefix: str, number: str, namespace: str, key: str) -> str:
    """Prefix and the order's number; where that is too long, prefix and a hash of what the invoice is for."""
    whole = prefix + number
    return whole if len(whole) <= MAX_LENGTH else prefix + _digest(namespace, key, MAX_LENGTH - len(prefix))


def credit_memo_number(prefix: str, namespace: str, key: str) -> str:
    """Prefix, `CM-` and a hash of what the credit memo is for."""
    head = f"{prefix}CM-"
    return head + _digest(namespace, key, MAX_LENGTH - len(head))


def payment_reference(reference: str) -> str:
    """The reference, or its last 21 characters: the end is what tells gateway ids apart."""
    return reference[-MAX_LENGTH:]


def _digest(namespace: str, key: str, room: int) -> str:
    text = f"{len(namespace)}:{namespace}{key}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[: max(8, min(16, room))].upper()
