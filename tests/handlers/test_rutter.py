"""Rutter's callbacks: connections that moved, jobs that ended, books that changed; their token stays in them."""

from typing import Any

import pytest

from schemas.deliveries import (
    BooksChanged,
    ConnectionMoved,
    Ignored,
    JobCompleted,
    ListChanged,
    NoMessage,
    Translation,
    Unreadable,
)
from tests.handlers.bodies import translated

TOKEN = "313c3e00-2bbc-4b2e-a9dc-13abed546b65"
LINK = "https://link.rutterapi.com/connection/c-1"


def told(code: Any, **more: Any) -> Translation:
    """A connection webhook with that code."""
    body = {"type": "CONNECTION", "code": code, "connection_id": "c-1", "access_token": TOKEN}
    return translated("rutter", body | more)


def moved(move: Any, reason: str | None = None, link: str | None = None) -> ConnectionMoved:
    """The connection `c-1` moved so."""
    return ConnectionMoved(rutter_connection_id="c-1", move=move, reason=reason, link_url=link)


@pytest.mark.parametrize(
    ("code", "more", "expected"),
    [
        ("INITIAL_UPDATE", {}, moved("ready")),
        ("CONNECTION_UPDATED", {"store_unique_id": "S"}, moved("authenticated")),
        ("CONNECTION_AUTHENTICATED", {}, moved("authenticated")),
        ("CONNECTION_NEEDS_UPDATE", {"update_url": LINK}, moved("needs_update", link=LINK)),
        ("CONNECTION_NEEDS_UPDATE", {"link_url": LINK}, moved("needs_update", link=LINK)),
        ("CONNECTION_NEEDS_UPDATE", {"update_url": "javascript:alert(1)"}, moved("needs_update")),
        ("CONNECTION_NEEDS_UPDATE", {"update_url": f"{LINK}?access_token={TOKEN}"}, moved("needs_update")),
        ("CONNECTION_DISABLED", {"disabled_reason": "NEEDS_REAUTH"}, moved("disabled", "NEEDS_REAUTH")),
        ("CONNECTION_DISABLED", {"disabled_reason": f"because {TOKEN}"}, moved("disabled")),
        ("CONNECTION_ERROR", {}, moved("unhealthy")),
        ("JOB_COMPLETED", {"job": {"id": "j-1", "request": {"url": f"?access_token={TOKEN}"}}}, JobCompleted("j-1")),
        ("CONNECTION_LINK_ERROR", {}, Ignored("CONNECTION_LINK_ERROR")),
        ("INVOICE_UPDATED", {"invoice": {"id": "i"}}, BooksChanged("c-1", "invoice", "i", "updated")),
        ("INVOICE_CREATED", {"invoice": [{"id": "i"}]}, BooksChanged("c-1", "invoice", "i", "created")),
        ("INVOICE_DELETED", {"invoice": [{"id": "i"}, {"id": "j"}]}, BooksChanged("c-1", "invoice", None, "deleted")),
        ("INVOICE_DELETED", {"id": "i"}, BooksChanged("c-1", "invoice", None, "deleted")),
        ("INVOICE_DELETED", {"invoice": f"of {TOKEN}"}, BooksChanged("c-1", "invoice", None, "deleted")),
        ("INVOICE_UPDATED", {"invoice": {"id": f"?{TOKEN}"}}, BooksChanged("c-1", "invoice", None, "updated")),
        (
            "INVOICE_PAYMENT_CREATED",
            {"invoice_payment": {"id": "p"}},
            BooksChanged("c-1", "invoice_payment", "p", "created"),
        ),
        (
            "INVOICE_CREDIT_MEMO_UPDATED",
            {"invoice_credit_memo": {"id": "m"}},
            BooksChanged("c-1", "invoice_credit_memo", "m", "updated"),
        ),
        (
            "INVOICE_CREDIT_APPLICATION_DELETED",
            {},
            BooksChanged("c-1", "invoice_credit_application", None, "deleted"),
        ),
        ("CUSTOMER_UPDATED", {"customer": {"id": "cu"}}, BooksChanged("c-1", "customer", "cu", "updated")),
        (
            "ACCOUNTING_CUSTOMER_REFUND_UPDATED",
            {"customer_refund": {"id": "r"}},
            BooksChanged("c-1", "customer_refund", "r", "updated"),
        ),
        (
            "ACCOUNTING_CUSTOMER_REFUND_CREATED",
            {"accounting_customer_refund": {"id": "r"}},
            BooksChanged("c-1", "customer_refund", "r", "created"),
        ),
        ("ITEM_UPDATED", {"item": {"id": "it"}}, ListChanged("c-1", "item")),
        ("ACCOUNT_CREATED", {}, ListChanged("c-1", "account")),
        ("CLASS_DELETED", {}, ListChanged("c-1", "class")),
        ("TAX_RATE_DELETED", {}, ListChanged("c-1", "tax_rate")),
        ("PAYMENT_TERM_UPDATED", {}, ListChanged("c-1", "payment_term")),
        ("BILL_UPDATED", {"bill": {"id": "b"}}, Ignored("BILL_UPDATED")),
        ("INVOICE_READY", {}, Ignored("INVOICE_READY")),
        ("INVOICE_UPDATED", {"connection_id": None}, Unreadable("$.connection_id", "missing")),
        ("ITEM_UPDATED", {"connection_id": ["c-1"]}, Unreadable("$.connection_id", "not a text")),
        ("ORDER_CREATED", {}, Ignored("ORDER_CREATED: this source names no commerce_connection")),
        (TOKEN, {}, Ignored("a code that is none of Rutter's")),
        ("INITIAL_UPDATE", {"connection_id": None}, Unreadable("$.connection_id", "missing")),
        ("INITIAL_UPDATE", {"connection_id": 7}, Unreadable("$.connection_id", "not a text")),
        ("JOB_COMPLETED", {}, Unreadable("$.job.id", "missing")),
        ("JOB_COMPLETED", {"job": "j-1"}, Unreadable("$.job", "not an object")),
        (None, {}, Unreadable("$.code", "missing")),
        (7, {}, Unreadable("$.code", "not a text")),
    ],
)
def test_a_code(code: Any, more: dict[str, Any], expected: Translation) -> None:
    """One answer for each, and the live token in none of them."""
    found = told(code, **more)
    assert found == expected
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"", NoMessage("not JSON")), (b"[]", Unreadable("$", "not an object")), (b"{}", Unreadable("$.code", "missing"))],
)
def test_no_callback(body: bytes, expected: Translation) -> None:
    """Bytes that are none."""
    assert translated("rutter", body) == expected
