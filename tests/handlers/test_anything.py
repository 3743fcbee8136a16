"""Whatever arrives, the answer is events, ignored, or a named reason, and nothing else."""

import copy
import json
from typing import Any, Final, get_args

from hypothesis import given
from hypothesis import strategies as st

from handlers.explaining import explain_delivery
from handlers.registry import read
from schemas.deliveries import NoMessage, RefusalReason, Refused, Told, Translation, Unreadable
from schemas.events import event_bytes, parse_event
from schemas.sources import KINDS, Kind
from tests.handlers.bodies import NOW, delivery, payment_event, source, translated
from tests.handlers.rutter_bodies import SHOP, callback, rutter_order, rutter_sale
from tests.handlers.shopify_bodies import (
    money_back,
    refunded_line,
    shop_item,
    shop_order,
    shop_refund,
    transaction,
)
from tests.handlers.stripe_bodies import (
    charge,
    dispute,
    intent,
    invoice,
    invoice_line,
    invoice_payment,
    moved,
    session,
    stripe_event,
    stripe_refund,
)

ANSWERS: Final = get_args(Translation)
SIGNATURE_HEADERS: Final = (
    "stripe-signature",
    "x-shopify-hmac-sha256",
    "x-rutter-signature",
    "authorization",
    "x-ledgerhook-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "content-type",
    "ce-specversion",
    "x-shopify-topic",
)
SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MONEY: Final = {"price_set": {"shop_money": {"amount": "1.00", "currency_code": "USD"}}}

BODIES: Final[list[tuple[Kind, str, Any]]] = [
    ("stripe", "", stripe_event("checkout.session.completed", session(shipping_cost={"amount_tax": 40}))),
    ("stripe", "", stripe_event("invoice.paid", invoice(invoice_line(discount_amounts=[{"amount": 5}])))),
    ("stripe", "", stripe_event("payment_intent.succeeded", intent())),
    ("stripe", "", stripe_event("charge.succeeded", charge())),
    ("stripe", "", stripe_event("invoice_payment.paid", invoice_payment())),
    ("stripe", "", stripe_event("refund.updated", stripe_refund())),
    ("stripe", "", stripe_event("charge.dispute.funds_withdrawn", dispute(moved(-3058, 1500)))),
    ("stripe", "", stripe_event("charge.dispute.funds_reinstated", dispute(moved(3058, -1500)))),
    ("stripe", "", stripe_event("refund.failed", stripe_refund(failure_balance_transaction="txn_1"))),
    ("stripe", "", stripe_event("charge.refunded", charge(refunds={"data": [stripe_refund()]}))),
    (
        "shopify",
        "orders/paid",
        shop_order(shop_item(duties=[{"id": 1, "shop_money": {"amount": "1.00", "currency_code": "USD"}}], **MONEY)),
    ),
    (
        "shopify",
        "orders/updated",
        shop_order(
            updated_at="2025-10-11T04:53:20-04:00",
            current_total_price="8.45",
            refunds=[shop_refund(), shop_refund(money_back())],
        ),
    ),
    ("shopify", "orders/cancelled", shop_order(cancelled_at="2025-10-11T04:53:20-04:00")),
    ("shopify", "disputes/update", {"id": 7, "type": "chargeback", "status": "won"}),
    ("shopify", "order_transactions/create", transaction()),
    ("shopify", "refunds/create", shop_refund(money_back(), refund_line_items=[refunded_line()])),
    ("cloudevents", "", payment_event()),
    ("cloudevents", "", [payment_event()]),
    ("standardwebhooks", "", {"type": "payment.received", "data": payment_event()}),
    ("rutter", "", {"code": "CONNECTION_NEEDS_UPDATE", "connection_id": "c", "update_url": "https://a/b"}),
    ("rutter", "", {"code": "JOB_COMPLETED", "job": {"id": "j"}}),
    ("rutter", "", callback("ORDER_CREATED", order=rutter_order(transactions=[rutter_sale()]))),
    ("rutter", "", callback("TRANSACTION_UPDATED", transaction=rutter_sale(type="refund"))),
    ("rutter", "", {"code": "INVOICE_UPDATED", "connection_id": "c", "invoice": {"id": "i"}}),
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "\x00", "\ud800", "usd", "ISK", "-1.00", "1e400", "9" * 400, 10**300, "x" * 5000, "%FF"])
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for key, below in inner for place in places(below, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with something else at that path."""
    if not path:
        return new
    changed = copy.deepcopy(value)
    below = changed
    for key in path[:-1]:
        below = below[key]
    below[path[-1]] = new
    return changed


def told(kind: Kind, topic: str, body: Any) -> Translation:
    """What the body tells; of Rutter's, to the source that the shop `SHOP` feeds."""
    shop = {"commerce_connection": SHOP} if kind == "rutter" else {}
    return translated(kind, body, {"x-shopify-topic": topic} if topic else {}, **shop)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Kind, str, Any]:
    """A realistic body with one or two values replaced by anything."""
    kind, topic, body = draw(st.sampled_from(BODIES))
    for _ in range(draw(st.integers(1, 2))):
        body = put(body, draw(st.sampled_from(places(body))), draw(values))
    return kind, topic, body


def is_one_answer(found: Translation) -> None:
    """An answer; events survive their own encoding, and reasons are short texts that can be written anywhere."""
    assert isinstance(found, ANSWERS)
    if isinstance(found, Told):
        assert found.events
        for event in found.events:
            assert parse_event(event_bytes(event)) == event
            assert (event.connection, event.source) == ("acme", "acme-web")
    elif isinstance(found, Unreadable | NoMessage):
        assert 0 < len(found.reason) < 400
        found.reason.encode()


@given(mutated())
def test_a_mutated_body(case: tuple[Kind, str, Any]) -> None:
    """Anything in any place."""
    kind, topic, body = case
    is_one_answer(told(kind, topic, body))


@given(st.sampled_from(KINDS), st.binary(max_size=300), st.dictionaries(st.sampled_from(SIGNATURE_HEADERS), st.text()))
def test_any_bytes_under_any_headers(kind: Kind, body: bytes, headers: dict[str, str]) -> None:
    """Translated, and explained."""
    is_one_answer(translated(kind, body, headers))
    assert explain_delivery(body, kind, headers)["answer"]


@given(
    st.sampled_from(KINDS),
    st.binary(max_size=100),
    st.dictionaries(
        st.sampled_from(SIGNATURE_HEADERS),
        st.text()
        | st.from_regex(r"t=[0-9]{0,12},v1=[0-9a-f]{60,66}", fullmatch=True)
        | st.sampled_from(["v1,AA==", "1614265330"]),
    ),
    st.sampled_from(["bearer", "hmac"]),
)
def test_nobody_signs_by_chance(kind: Kind, body: bytes, headers: dict[str, str], auth: Any) -> None:
    """Any headers are refused with a reason."""
    found = read(delivery(body, headers), source(kind, secrets=(SECRET, ""), auth=auth), NOW)
    assert isinstance(found, Refused)
    assert found.reason in RefusalReason


def test_every_body_tells_something_unchanged() -> None:
    """Or the mutations would show nothing."""
    for kind, topic, body in BODIES:
        found = told(kind, topic, body)
        assert not isinstance(found, Unreadable | NoMessage), json.dumps(body)
