"""Every vendor sample of these kinds, by its SHA-256, and what a person reading it expects of it.

The samples are not ours to keep, so they are read from the folder that `LEDGERHOOK_SAMPLES` names, at any depth. The
answers come from the function that `ledgerhook explain` uses. Shopify's topic travels in a header, so it stands here.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from handlers.explaining import explain_delivery
from schemas.sources import Kind


class Sample(NamedTuple):
    """What is known about one: `expected` is a short answer, see `shortened`."""

    name: str
    kind: Kind
    topic: str | None
    expected: list[str]


CONNECTION: Final = "3adc1519-0d6e-4222-83de-25b457cf42be"
THIN: Final = "a thin event, which tells no amounts; choose snapshot events in the endpoint's settings"
BARE: Final = "not an event: the bare object must stand in an event's data.object"
NO_REFUND: Final = "names no refund: refund.created and refund.updated tell it"

SAMPLES: Final[dict[str, Sample]] = {
    "eb8d6a056f206d8d959e38a543eb718901456293fc6a54b1577ffc2f465d894c": Sample(
        "cloudevents/batch.two",
        "cloudevents",
        None,
        ["ignored: 2 events, among them an event of type 'com.example.someevent'"],
    ),
    "d1a5a6c0e3e7044dd83405f645a603cede4011a015dbafcac2a20f1f1eab4a49": Sample(
        "cloudevents/structured.json-object",
        "cloudevents",
        None,
        ["ignored: an event of type 'com.example.someevent'"],
    ),
    "daa185b38a0015e76fdd07544555dba2a238fc9ffa3be60a4643cb0903085df8": Sample(
        "rutter/CONNECTION.CONNECTION_UPDATED", "rutter", None, [f"connection {CONNECTION}: authenticated"]
    ),
    "ff23349d77289bfa4aa646dae27d8a4308072bb93d594b4556c79698e588dbd3": Sample(
        "rutter/CONNECTION.INITIAL_UPDATE", "rutter", None, [f"connection {CONNECTION}: ready"]
    ),
    "2dd5aaeba4c1645b3cefcb1c5b5e11831bad0072ea32dcd1e9b9ca87d9e9a3ef": Sample(
        "rutter/ORDER_CREATED",
        "rutter",
        None,
        ["order:0f2f5c31-6b3d-4f0e-9b63-0a5a5d5c2d10 64.20 USD for jon@example.com: Widget 60.00"],
    ),
    "5111aef9466f554c61310af723c5c7b3cab61e8e45a423219485800e45f9eb43": Sample(
        "shopify/order_transactions.create",
        "shopify",
        "order_transactions/create",
        ["ignored: authorization: no money moved: a capture will tell"],
    ),
    "075193385bb3fa277db54a6072859698ced5037d23b7a845c192e1eb878aa1b6": Sample(
        "shopify/orders.create, and byte for byte orders.paid", "shopify", "orders/paid", ["ignored: a test order"]
    ),
    "4f850d16333910391c7cc1c610a89148952a8f1b1959da98276eee261ed87702": Sample(
        "shopify/orders.exemplar, masked",
        "shopify",
        "orders/paid",
        ["unreadable: $.financial_status: not a financial status"],
    ),
    "aa7ca320b1f4aef498840f7456ebeaa02bf0448b3e23d190ac6a48e654346c56": Sample(
        "shopify/refunds.create",
        "shopify",
        "refunds/create",
        [
            "refund:890088186047892319 85.00 USD of nothing told: null 75.00 + null 10.00, no lines",
            "note: order_id: an id lost its last digits on the way and counts as not told",
            "note: its transactions name no currency: the shop's, USD, as its lines tell it",
            "note: its lines come to 414.95 USD and its money to 85.00: told as an amount only",
        ],
    ),
    "63bf61a0a0f3fd54c2b3d0f82b902c4cc162f1592a941f42c61f69f3c26f27e7": Sample(
        "shopify/refunds.create.restock-only", "shopify", "refunds/create", ["ignored: no money moved"]
    ),
    "95a0366f540135fa6dd861a120eabfa4f117228c7a9b7df8efceebc54f4f86b7": Sample(
        "standard-webhooks/contact.created.full", "standardwebhooks", None, ["ignored: type contact.created"]
    ),
    "de12214f69bdf97cffe844c85f66e34f7592e23843dfd259d0190cb8063c71bf": Sample(
        "standard-webhooks/signature-vectors, no message of the scheme",
        "standardwebhooks",
        None,
        ["unreadable: $.type: missing"],
    ),
    "617c685806e9ea591f9dd40f0cecc36c8b04cf6f0262e9110589b89408a37233": Sample(
        "stripe/charge.dispute.created",
        "stripe",
        None,
        ["ignored: charge.dispute.created: no money moved: charge.dispute.funds_withdrawn tells when it does"],
    ),
    "5e1da48d1acbd0c979a1c7becd1a57b8907f82da89fdc33c0edde9c136d8ea64": Sample(
        "stripe/charge.failed",
        "stripe",
        None,
        ["ignored: charge.failed: no money moved: one that failed after it succeeded is told as a dispute"],
    ),
    "871cf7c79dd5149597ab26c7310296cad474cc7b0aca7083b833494f744b37dc": Sample(
        "stripe/charge.refunded.first-partial", "stripe", None, [f"ignored: {NO_REFUND}"]
    ),
    "c5d02bbdf0c2385e5f18c538a221ee723515ecb215bc51d5d2c9b0562e758cf9": Sample(
        "stripe/charge.refunded.second-partial", "stripe", None, [f"ignored: {NO_REFUND}"]
    ),
    "88e3fd85278251da378dd954d4a0fee8e6d2bb75c21535681145734a649f92ff": Sample(
        "stripe/charge.succeeded",
        "stripe",
        None,
        [
            "payment:pi_000000000000000000000000 20.00 USD by stripe to nothing told",
            "note: does not say which order it pays",
        ],
    ),
    "72977e291b2993a912748274f7baddf24f533899e88ada02e693ece4acb0a74e": Sample(
        "stripe/checkout.session.completed.payment_mode",
        "stripe",
        None,
        [
            "order:pi_00000000000000 250.00 USD for example@example.com: Checkout 250.00",
            "payment:pi_00000000000000 250.00 USD by stripe to pi_00000000000000 250.00",
        ],
    ),
    "d0a50e5c43b57de847e2f30462d795e8aca0f33804f1791f3548c5f80282e747": Sample(
        "stripe/invoice.paid",
        "stripe",
        None,
        [
            "order:in_000000000000000000000000 20.00 USD for cus_00000000000000: (created by Stripe CLI) 20.00",
            "payment:pi_000000000000000000000000 20.00 USD by stripe to in_000000000000000000000000 20.00",
        ],
    ),
    "36bfb3890a094886ae8fc3e8ba405beeb1e4c34c0f435eacd6a3c1391c405783": Sample(
        "stripe/payment_intent.succeeded.jpy",
        "stripe",
        None,
        ["payment:pi_asm_jpy 5000 JPY by stripe to nothing told", "note: does not say which order it pays"],
    ),
    "ec6f145704c7bfb5a1a0cfe21b0fec5b483a8bdc2d22b05909b46173f56fe22e": Sample(
        "stripe/payment_intent.succeeded",
        "stripe",
        None,
        [
            "payment:pi_000000000000000000000000 20.00 USD by stripe to nothing told",
            "note: does not say which order it pays",
        ],
    ),
    "b2b519c655b3bf527258167d7b8aa4271c9f8a9ad489c4166500e929e5b4d057": Sample(
        "stripe/refund.created.pending",
        "stripe",
        None,
        ["ignored: pending: refund.updated will tell when the money has gone back"],
    ),
    "7dc5613ab03b8632d31c30a215a5eb42702b0f6d06458d55fe605a791cc43753": Sample(
        "stripe/refund.failed",
        "stripe",
        None,
        [
            "refund:re_asm0000000000000000009 5.00 USD of nothing told: pi_asm000000000000000000001 5.00, no lines",
            "refund_reversal:re_asm0000000000000000009 5.00 USD takes back re_asm0000000000000000009",
        ],
    ),
    "92d36ea583edc233484e99c1d3cf9cb095883a2546b23f81ac976853fee87108": Sample(
        "stripe/resource.refund, bare", "stripe", None, [f"unreadable: $.object: {BARE}"]
    ),
    "35c71ccdd69f85cbd31f5d0f0c81500701d324b4730cbeafe9ed39803931e9ee": Sample(
        "stripe/thin.v2.core.event", "stripe", None, [f"unreadable: $.object: {THIN}"]
    ),
}


def major(minor: int, currency: str) -> str:
    """Minor units as people write them, for the currencies that the samples use."""
    return str(minor) if currency == "JPY" else f"{minor // 100}.{minor % 100:02d}"


def event_line(event: dict[str, Any]) -> str:
    """One event in one line: key, amount, and what it hangs on."""
    fact: dict[str, Any] = next(iter(event["data"].values()))
    currency: str = fact["currency"]
    if event["type"] == "order.completed":
        lines = ", ".join(f"{line['description']} {major(line['total'], currency)}" for line in fact["lines"])
        buyer = fact["customer"]["email"] or fact["customer"]["id"]
        return f"{event['id']} {major(fact['total'], currency)} {currency} for {buyer}: {lines}"
    what = f"{event['id']} {major(fact['amount'], currency)} {currency}"
    if event["type"] == "payment.received":
        to = [f"{part['order_id']} {major(part['amount'], currency)}" for part in fact["applies_to"] or ()]
        return f"{what} by {fact['gateway']} to {', '.join(to) or 'nothing told'}"
    if event["type"] == "refund.reversed":
        return f"{what} takes back {fact['refund_id']}"
    money = [f"{part['payment_id'] or 'null'} {major(part['amount'], currency)}" for part in fact["money"]]
    lines = "no lines" if fact["lines"] is None else f"{len(fact['lines'])} lines"
    return f"{what} of {fact['order_id'] or 'nothing told'}: {' + '.join(money)}, {lines}"


def shortened(answer: dict[str, Any]) -> list[str]:
    """An answer in a few lines that a person can compare with the sample."""
    match answer:
        case {"answer": "events", "events": list(told), "notes": list(notes)}:
            return [*(event_line(event) for event in told), *(f"note: {note}" for note in notes)]
        case {"answer": "unreadable", "path": path, "reason": reason}:
            return [f"unreadable: {path}: {reason}"]
        case {"answer": "connection", "connection": connection, "move": move}:
            return [f"connection {connection}: {move}"]
        case {"answer": what, **more}:
            return [": ".join([what, *(str(value) for value in more.values())])]
        case _:
            raise AssertionError(answer)


@pytest.fixture(scope="module")
def bodies() -> dict[str, bytes]:
    """Every file below the folder, by the SHA-256 of its bytes."""
    folder = os.environ.get("LEDGERHOOK_TEST_SAMPLES")  # see tests/conftest.py
    if not folder:
        pytest.skip("LEDGERHOOK_SAMPLES names no folder of vendor samples")
    found = [path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()]
    return {hashlib.sha256(body).hexdigest(): body for body in found}


@pytest.mark.parametrize(("digest", "sample"), SAMPLES.items(), ids=[sample.name for sample in SAMPLES.values()])
def test_a_vendor_sample(digest: str, sample: Sample, bodies: dict[str, bytes]) -> None:
    """It is there, byte for byte, and tells what its reader expects."""
    assert digest in bodies, f"{sample.name} is not in the folder, or its bytes changed"
    headers = {"X-Shopify-Topic": sample.topic} if sample.topic else {}
    assert shortened(explain_delivery(bodies[digest], sample.kind, headers)) == sample.expected
