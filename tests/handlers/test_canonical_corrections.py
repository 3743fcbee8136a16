"""Corrections and additions that other systems publish: each is itself, over CloudEvents and Standard Webhooks."""

import hashlib

import pytest

from schemas.deliveries import Unreadable
from tests.handlers.bodies import Body, events, payment_event, translated

AT = "2025-10-09T08:53:20Z"
URL = "https://files.example.com/r/1001.pdf"
DIGEST = hashlib.sha256(b"a receipt").hexdigest()
ORDER: Body = {
    "id": "1001",
    "number": "1001",
    "completed_at": AT,
    "currency": "USD",
    "customer": {"id": "c-9", "name": "Ada Byron", "email": None},
    "lines": [
        {"id": "1", "sku": None, "description": "A shirt", "quantity": "1", "unit_price": "12.34", "total": 1234}
    ],
    "shipping": {"total": 0},
    "total": 1234,
}
AMENDMENT: Body = {"order": ORDER, "revision": 3, "amended_at": AT, "reason": "one shirt less"}
CANCELLATION: Body = {"order_id": "1001", "cancelled_at": AT, "reason": None}
CHARGEBACK: Body = {
    "id": "dp:1",
    "payment_id": "ch_1",
    "reversed_at": AT,
    "currency": "USD",
    "amount": 3058,
    "kind": "chargeback",
    "reason": "fraudulent",
    "fee": {"currency": "EUR", "amount": 1500},
}
FAILED_REFUND: Body = {"id": "re_1", "refund_id": "re_1", "reversed_at": AT, "currency": "USD", "amount": 1279}
ATTACHMENT: Body = {"order_id": "1001", "file_name": "receipt.pdf", "added_at": AT, "url": URL}
KEPT: Body = {"order_id": "1001", "file_name": "receipt.pdf", "added_at": AT, "digest": DIGEST}
ACCOUNT: Body = {
    "role": "clearing stripe",
    "name": "Stripe",
    "account_type": "other_current_asset",
    "currency": "USD",
    "nominal_code": None,
    "requested_at": AT,
}
ITEM: Body = {"role": "shipping", "name": "Shipping", "account_role": "income", "requested_at": AT}

GOOD: list[tuple[str, str, str, Body]] = [
    ("order.amended", "amendment:1001:3", "amendment", AMENDMENT),
    ("order.cancelled", "cancellation:1001", "cancellation", CANCELLATION),
    ("payment.reversed", "payment_reversal:dp%3A1", "reversal", CHARGEBACK),
    ("payment.reversed", "payment_reversal:ch_1", "reversal", CHARGEBACK | {"id": "ch_1", "kind": "failed"}),
    ("refund.reversed", "refund_reversal:re_1", "reversal", FAILED_REFUND),
    ("attachment.added", f"attachment:1001:{hashlib.sha256(URL.encode()).hexdigest()}", "attachment", ATTACHMENT),
    ("attachment.added", f"attachment:1001:{DIGEST}", "attachment", KEPT),
    ("account.requested", "account:clearing stripe", "account", ACCOUNT),
    ("item.requested", "item:shipping", "item", ITEM),
]


def event(kind: str, identifier: str, noun: str, fact: Body) -> Body:
    """A canonical event as an upstream system publishes it."""
    return payment_event(type=kind, id=identifier, subject=None, data={noun: fact})


@pytest.mark.parametrize(("kind", "identifier", "noun", "fact"), GOOD)
def test_an_event(kind: str, identifier: str, noun: str, fact: Body) -> None:
    """Structured, batched, binary and wrapped tell the same, word for word."""
    body = event(kind, identifier, noun, fact)
    (told,) = events(translated("cloudevents", body))
    assert (told.type, told.id, told.key) == (kind, identifier, identifier)
    dumped: Body = told.model_dump(mode="json")["data"][noun]
    assert {name: dumped[name] for name in fact if name != "order"} == {
        name: value for name, value in fact.items() if name != "order"
    }
    binary = {"content-type": "application/json", "ce-specversion": "1.0", "ce-id": identifier.replace("%", "%25")}
    binary |= {"ce-source": "acme-web", "ce-type": kind, "ce-connection": "acme", "ce-time": AT}
    assert events(translated("cloudevents", {noun: fact}, binary)) == (told,)
    assert events(translated("cloudevents", [body], {"content-type": "application/cloudevents-batch+json"})) == (told,)
    assert events(translated("standardwebhooks", {"type": kind, "data": body})) == (told,)


BAD: list[tuple[str, str, str, Body, str, str]] = [
    ("order.amended", "amendment:1001", "amendment", AMENDMENT, "id", "must be the natural key"),
    ("order.amended", "amendment:1001:4", "amendment", AMENDMENT, "id", "must be the natural key"),
    (
        "order.amended",
        "amendment:1001:0",
        "amendment",
        AMENDMENT | {"revision": 0},
        "data.amendment.revision",
        "Input should be greater than 0",
    ),
    (
        "order.amended",
        "amendment:1001:3",
        "amendment",
        AMENDMENT | {"revision": "3"},
        "data.amendment.revision",
        "Input should be a valid integer",
    ),
    (
        "order.amended",
        "amendment:1001:3",
        "amendment",
        AMENDMENT | {"order": ORDER | {"total": -1}},
        "data.amendment.order.total",
        "Input should be greater than or equal to 0",
    ),
    ("order.cancelled", "order:1001", "cancellation", CANCELLATION, "id", "must be the natural key"),
    (
        "order.cancelled",
        "cancellation:1001",
        "cancellation",
        CANCELLATION | {"cancelled_at": "2025-10-09"},
        "data.cancellation.cancelled_at",
        "Input should be a valid datetime",
    ),
    ("payment.reversed", "payment_reversal:dp:1", "reversal", CHARGEBACK, "id", "must be the natural key"),
    (
        "payment.reversed",
        "payment_reversal:dp%3A1",
        "reversal",
        CHARGEBACK | {"kind": "dispute"},
        "data.reversal.kind",
        "Input should be 'chargeback' or 'failed'",
    ),
    (
        "payment.reversed",
        "payment_reversal:dp%3A1",
        "reversal",
        CHARGEBACK | {"amount": -3058},
        "data.reversal.amount",
        "Input should be greater than 0",
    ),
    (
        "refund.reversed",
        "refund_reversal:re_1",
        "reversal",
        FAILED_REFUND | {"fee": None},
        "data.reversal.fee",
        "Extra inputs are not permitted",
    ),
    (
        "refund.reversed",
        "refund_reversal:re_1",
        "refund",
        FAILED_REFUND,
        "data.reversal",
        "Field required",
    ),
    (
        "attachment.added",
        f"attachment:1001:{DIGEST}",
        "attachment",
        ATTACHMENT | {"digest": DIGEST},
        "data.attachment",
        "give exactly one of url and digest",
    ),
    (
        "attachment.added",
        f"attachment:1001:{DIGEST}",
        "attachment",
        ATTACHMENT | {"url": None},
        "data.attachment",
        "give exactly one of url and digest",
    ),
    (
        "attachment.added",
        f"attachment:1001:{DIGEST.upper()}",
        "attachment",
        KEPT | {"digest": DIGEST.upper()},
        "data.attachment.digest",
        "String should match pattern",
    ),
    ("attachment.added", f"attachment:1001:{DIGEST}", "attachment", ATTACHMENT, "id", "must be the natural key"),
    (
        "account.requested",
        "account:clearing stripe",
        "account",
        ACCOUNT | {"account_type": "equity"},
        "data.account.account_type",
        "Input should be 'accounts_receivable'",
    ),
    ("item.requested", "item:Shipping", "item", ITEM, "id", "must be the natural key"),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case[0]}: {case[5]}")
def test_an_event_that_is_wrong(case: tuple[str, str, str, Body, str, str]) -> None:
    """Parks with the sender's own name of the field, alone and wrapped."""
    kind, identifier, noun, fact, path, reason = case
    body = event(kind, identifier, noun, fact)
    alone = translated("cloudevents", body)
    wrapped = translated("standardwebhooks", {"type": kind, "data": body})
    for found, prefix in ((alone, "$"), (wrapped, "$.data")):
        assert isinstance(found, Unreadable)
        assert found.path == f"{prefix}.{path}"
        assert found.reason.startswith(reason)
