"""`explain`: what a webhook means, alone or planned against the trail; nothing is written."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell, Shop
from tests.cli.shop import order, payment

FAILED_CHARGE = (
    b'{"object":"event","id":"evt_1","type":"charge.failed","created":1,"data":{"object":{"object":"charge"}}}'
)

AT = "2026-11-02T10:15:00Z"
ASKED = {"requested_at": AT}
FEE = {"currency": "EUR", "amount": 1500}
TAKEN = {"reversed_at": AT, "currency": "USD", "amount": 1234}
ORDER = json.loads(order(total=1234))["data"]["order"]


def explain(ledgerhook: Shell, body: bytes, *words: str | Path) -> str:
    return ledgerhook.good("explain", "-", *words, stdin=body)


def test_alone_it_needs_nothing(ledgerhook: Shell) -> None:
    shown = explain(ledgerhook, order(total=1234), "--kind", "cloudevents")

    assert shown.splitlines()[0].split() == ["order.completed", "order:1001", "12.34", "USD"]
    assert "A shirt" in shown


def test_what_means_nothing_is_said_and_is_no_failure(ledgerhook: Shell) -> None:
    shown = explain(ledgerhook, FAILED_CHARGE, "-k", "stripe")

    assert shown == "ignored: charge.failed: no money moved: one that failed after it succeeded is told as a dispute\n"


SHOWN = [
    (
        "order.amended",
        "amendment:1001:3",
        {"amendment": {"order": ORDER, "revision": 3, "amended_at": AT}},
        ["order.amended  amendment:1001:3  12.34 USD", "A shirt"],
    ),
    (
        "order.cancelled",
        "cancellation:1001",
        {"cancellation": {"order_id": "1001", "cancelled_at": AT, "reason": "customer"}},
        ["order.cancelled  cancellation:1001\n  order 1001; reason customer\n"],
    ),
    (
        "payment.reversed",
        "payment_reversal:dp_1",
        {"reversal": TAKEN | {"id": "dp_1", "payment_id": "p1", "kind": "chargeback", "fee": FEE}},
        ["12.34 USD\n  takes back payment p1, chargeback; reason not told; fee 15.00 EUR\n"],
    ),
    (
        "refund.reversed",
        "refund_reversal:re_1",
        {"reversal": TAKEN | {"id": "re_1", "refund_id": "re_1"}},
        ["12.34 USD\n  takes back refund re_1; reason not told\n"],
    ),
    (
        "attachment.added",
        f"attachment:1001:{'a' * 64}",
        {"attachment": {"order_id": "1001", "file_name": "r.pdf", "added_at": AT, "digest": "a" * 64}},
        [f"attachment.added  attachment:1001:{'a' * 64}\n  order 1001; r.pdf, kept under aaaa"],
    ),
    (
        "account.requested",
        "account:tip",
        {"account": {"role": "tip", "name": "Tips", "account_type": "other_income", "currency": "USD"} | ASKED},
        ["account.requested  account:tip\n  Tips, of type other income, in USD\n"],
    ),
    (
        "item.requested",
        "item:tip",
        {"item": {"role": "tip", "name": "Tips", "account_role": "tip"} | ASKED},
        ["item.requested  item:tip\n  Tips, booked on tip\n"],
    ),
]


@pytest.mark.parametrize(("kind", "identifier", "data", "says"), SHOWN)
def test_every_correction_and_addition_is_shown(
    ledgerhook: Shell, kind: str, identifier: str, data: dict[str, object], says: list[str]
) -> None:
    body = json.loads(order(total=1234)) | {"type": kind, "id": identifier, "subject": None, "data": data}

    shown = explain(ledgerhook, json.dumps(body).encode(), "--kind", "cloudevents")

    for one in says:
        assert one in shown


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            b'{"code":"INVOICE_DELETED","connection_id":"c-1","invoice":{"id":"i-1"}}',
            "connection c-1: invoice deleted in the books, i-1\n",
        ),
        (
            b'{"code":"INVOICE_PAYMENT_UPDATED","connection_id":"c-1"}',
            "connection c-1: invoice payment updated in the books, not told which\n",
        ),
        (b'{"code":"ITEM_CREATED","connection_id":"c-1"}', "connection c-1: its list of the kind item changed\n"),
        (b'{"code":"JOB_COMPLETED","job":{"id":"j-1"}}', "job j-1 completed\n"),
    ],
)
def test_rutters_callbacks_are_shown(ledgerhook: Shell, body: bytes, says: str) -> None:
    assert explain(ledgerhook, body, "-k", "rutter") == says


@pytest.mark.parametrize(
    ("body", "says"), [(b'{"object":"event"}', "unreadable at $.type: missing"), (b"hello", "no message: ")]
)
def test_what_cannot_be_read_exits_1(ledgerhook: Shell, body: bytes, says: str) -> None:
    result = ledgerhook("explain", "-", "-k", "stripe", stdin=body)

    assert result.exit_code == 1
    assert result.stdout.startswith(says)


def test_headers_say_what_the_body_does_not(ledgerhook: Shell) -> None:
    shown = explain(ledgerhook, b'{"id":1}', "-k", "shopify", "-H", "X-Shopify-Topic: products/update")

    assert shown.startswith("ignored: products/update")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["x.json"], "say which kind of sender it is from: --kind cloudevents|standardwebhooks|stripe|shopify|rutter"),
        (["x.json", "-k", "paypal"], "say which kind of sender it is from: "),
        (["nowhere.json", "-k", "stripe"], "nowhere.json cannot be read (No such file or directory)"),
        (["x.json", "-k", "stripe", "-H", "oops"], "--header 'oops': write it as 'Name: value'"),
    ],
)
def test_wrong_words_are_one_line(ledgerhook: Shell, tmp_path: Path, words: list[str], line: str) -> None:
    (tmp_path / "x.json").write_text("{}")

    assert ledgerhook.fails("explain", *words).startswith(line)


def test_with_a_source_it_plans_and_says_what_the_real_run_would_ask_first(ledgerhook: Shell, shop: Shop) -> None:
    body = json.dumps([json.loads(order()), json.loads(payment())]).encode()

    result = ledgerhook("explain", "-", "-s", "acme-events", "--data-dir", shop.data_dir, "--json", stdin=body)

    told = json.loads(result.stdout)
    first, second = told["plans"]
    assert (first["event"], first["plan"]) == ("order:1001", "park")
    assert first["says"].startswith('unmapped item: item "Sales"')
    assert (second["event"], second["plan"]) == ("payment:p1", "hold")
    assert any(
        note.startswith("items: not all names are in our copy of the list (never read yet)") for note in told["notes"]
    )


def test_what_another_source_tells_is_recorded_only(ledgerhook: Shell, shop: Shop) -> None:
    shop.file.write_text(
        shop.file.read_text().replace('kind = "cloudevents"', 'kind = "cloudevents"\ntells = ["refunds"]')
    )
    ledgerhook.good("apply", shop.file, "--data-dir", shop.data_dir)

    shown = explain(ledgerhook, order(), "-s", "acme-events", "--data-dir", shop.data_dir)

    assert "skip  order:1001  recorded, not posted: the source acme-events tells refunds" in shown


def test_what_was_told_otherwise_is_a_conflict(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(order(total=2500))

    shown = explain(ledgerhook, order(total=2600), "-s", "acme-events", "--data-dir", shop.data_dir)

    assert "park  order:1001  told before, otherwise: " in shown


def test_explaining_writes_nothing(ledgerhook: Shell, shop: Shop) -> None:
    before = ledgerhook.json("status", "--data-dir", shop.data_dir)

    explain(ledgerhook, order(), "-s", "acme-events", "--data-dir", shop.data_dir)

    assert ledgerhook.json("status", "--data-dir", shop.data_dir) == before


def test_an_unknown_source_is_one_line_with_those_there_are(ledgerhook: Shell, shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(order())

    line = ledgerhook.fails("explain", "x.json", "-s", "till", "--data-dir", shop.data_dir)

    assert line == "there is no source till; there are: acme-events, acme-stripe"
