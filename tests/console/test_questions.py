"""What the console asks of the trail, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from schemas.events import NotAnEvent, parse_event
from schemas.exact_json import dumps
from service.sealing import KeyRing
from service.trail import documents, finding, opening, outbox, overview, parked, releasing, stories, tie_out
from service.trail.database import open_trail
from tests.console.day import play
from tests.console.stage import NOON, UNMAPPED, HandClock, Stage, invoice, order, paying, payment

DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """An empty trail on one of the databases."""
    where = str(tmp_path / "trail.db") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    keys, clock = KeyRing({"k1": bytes(32)}), HandClock()
    trail = open_trail(where, keys, clock, migrate=True)
    yield Stage(trail, keys, clock)
    trail.shut()


@pytest.fixture
def day(bare: Stage) -> Stage:
    play(bare)
    return bare


def test_the_small_day_reads_alike_everywhere(day: Stage) -> None:
    seen = day.read(lambda c: overview.overview(c, NOON - DAY))
    assert seen.counts == overview.Counts(due=3, held=2, parked=3, done=4, in_doubt=1)
    assert {one.name: (one.told, one.ignored, one.unreadable, one.unread) for one in seen.sources} == {
        "shop": (7, 1, 1, 1),
        "till": (4, 0, 0, 0),
        "nordic-shop": (1, 0, 0, 0),
        None: (1, 0, 0, 0),
    }
    waiting = day.read(parked.parked)
    assert [(one.fingerprint, one.count, one.behind, one.sums) for one in waiting.groups] == [
        ("unmapped item: item SHIRT-M", 2, 2, ((124_500, "USD"),)),
        ("written different: invoice:1005", 1, 0, ((2599, "USD"),)),
    ]
    assert [(one.path, one.source) for one in waiting.unreadable] == [("$.line_items[0].price", "shop")]
    assert day.read(overview.attention) == 4
    story = day.read(lambda c: stories.story_of_fact(c, "acme", "store", "payment:pi_2"))
    assert story is not None
    assert [fact.key for fact in story.facts] == ["order:1002", "payment:pi_2", "refund:re_2"]
    assert len(day.read(lambda c: finding.find(c, "LH-1005"))) == 1
    assert [one.key for one in day.read(finding.latest)][:2] == ["order:1006", "order:3001"]
    assert len(day.read(lambda c: documents.documents(c, documents.DocumentsAsk(text="invoice:"))).documents) == 4
    gauged = day.read(overview.gauged)
    assert gauged.connections == {"ready": 1, "needs_update": 1}
    assert gauged.work["acme", "parked"] == 3


def test_the_tie_out_explains_to_the_unit(day: Stage) -> None:
    ties = {(tie.connection, tie.currency): tie for tie in day.read(tie_out.tie_out)}
    usd = ties["acme", "USD"]
    orders, payments, refunds = usd.legs
    assert (orders.told, orders.booked) == (140_757, 5658)
    assert {(reason.why, reason.count, reason.minor) for reason in orders.reasons} == {
        ("parked", 2, -124_500),
        ("on its way", 2, -10_600),
        ("written different", 1, 1),
    }
    assert {(reason.why, reason.count, reason.minor) for reason in payments.reasons} == {("held", 1, -120_000)}
    assert {(reason.why, reason.count, reason.minor) for reason in refunds.reasons} == {("held", 1, -20_000)}
    assert (usd.unexplained, usd.cash_legs, usd.conflicting) == (0, (1, 1279), 0)
    assert ties["acme", "JPY"].ties


def test_a_document_that_no_fact_accounts_for_is_unexplained(day: Stage) -> None:
    day.run(lambda c: c.exec_driver_sql("UPDATE links SET total_minor = total_minor + 1 WHERE key = 'invoice:1001'"))
    [usd] = [tie for tie in day.read(tie_out.tie_out) if tie.currency == "USD"]
    assert usd.unexplained == 1
    day.run(lambda c: c.exec_driver_sql("UPDATE links SET total_minor = total_minor - 1 WHERE key = 'invoice:1001'"))
    day.run(lambda c: c.exec_driver_sql("DELETE FROM links WHERE key = 'payment:pi_1'"))
    [usd] = [tie for tie in day.read(tie_out.tie_out) if tie.currency == "USD"]
    assert usd.unexplained == 3058


@pytest.mark.parametrize(
    ("words", "where"),
    [(words, ["acme", "not-declared"]) for words in ("1", "#1", "order:1", "N-1")]
    + [("d-0001", ["acme"]), ("invoice:1", ["acme"])],
)
def test_what_a_publisher_told_is_found_though_nobody_declared_where(bare: Stage, words: str, where: list[str]) -> None:
    bare.connection("acme")
    bare.source("shop", "shopify", "acme")
    for alias in where + ["not-declared"] * (len(where) == 1):
        told = order("1", 100).model_dump(mode="json") | {"connection": alias, "source": "upstream"}
        told["data"]["order"]["number"] = "N-1"
        event = parse_event(dumps(told))
        assert not isinstance(event, NotAnEvent)
        bare.deliver(event, source=None, sealed=None)
    bare.work("acme", "order:1").post(invoice("1", 100))

    found = bare.read(lambda c: finding.find(c, words))

    assert [(one.connection, one.namespace, one.order_id) for one in found] == [
        (alias, "upstream", "1") for alias in where
    ]


def test_a_conflict_is_named(bare: Stage) -> None:
    bare.connection("acme")
    bare.source("shop", "shopify", "acme")
    bare.deliver(order("1", 100))
    bare.work("acme", "order:1").post(invoice("1", 100))
    bare.deliver(order("1", 150))
    [tie] = bare.read(tie_out.tie_out)
    assert (tie.conflicting, tie.unexplained) == (1, 0)
    story = bare.read(lambda c: stories.story_of_order(c, "acme", "store", "1"))
    assert story is not None
    assert story.facts[0].conflict is not None
    assert [telling.verdict for telling in story.tellings] == ["conflict"]


def test_a_release_is_told_once(day: Stage) -> None:
    def release() -> int:
        return len(day.run(lambda c: releasing.release(c, day.clock.at, fingerprints=[UNMAPPED.fingerprint])))

    assert (release(), release()) == (2, 0)
    told = [one for one in day.read(lambda c: outbox.unsent(c, 1000)) if b"document.released" in one.value]
    assert len(told) == 2
    assert day.read(parked.parked).groups[0].behind == 0


def test_a_release_takes_no_more_than_its_bound(day: Stage) -> None:
    names = [UNMAPPED.fingerprint]
    first = day.run(lambda c: releasing.release(c, day.clock.at, fingerprints=names, limit=1))
    assert [one.key for one in first] == ["order:1002"]
    assert day.run(lambda c: releasing.release(c, day.clock.at, keys=["order:1003"], connection="nordic")) == ()
    assert day.run(lambda c: releasing.release(c, day.clock.at)) == ()


def test_a_payment_of_several_orders_is_in_each_story(bare: Stage) -> None:
    bare.connection("acme")
    bare.source("shop", "shopify", "acme")
    for number in ("1", "2"):
        bare.deliver(order(number, 100))
        bare.work("acme", f"order:{number}").post(invoice(number, 100))
    both = [{"order_id": "1", "amount": 100}, {"order_id": "2", "amount": 100}]
    bare.deliver(payment("p", 200, "1", applies_to=both))
    paid = paying("p", 200, {"1": 100, "2": 100})
    bare.work("acme", "payment:p").post(paid)
    for number in ("1", "2"):
        story = bare.read(partial(stories.story_of_order, connection="acme", namespace="store", order_id=number))
        assert story is not None
        assert [fact.key for fact in story.facts] == [f"order:{number}", "payment:p"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a":1.10,"access_token":"s3cret"}', '{\n  "a": 1.10,\n  "access_token": "[secret]"\n}'),
        (b'{"c":{"access\\u005ftoken":"s3cret"}}', '{\n  "c": {\n    "access_token": "[secret]"\n  }\n}'),
        (b'{"url":"https://x/y?access_token=s3cret&a=1"}', '{\n  "url": "https://x/y?access_token=[secret]&a=1"\n}'),
        (b'{"access_token":"s3cret","broken', '{"access_token":"[secret]","broken'),
        (b'{"n":123456789012345678901,"secret":"s3cret"}', '{"n":123456789012345678901,"secret":"[secret]"}'),
        (b"plain \xff text", "plain \N{REPLACEMENT CHARACTER} text"),
    ],
)
def test_bodies_are_shown_without_secrets(body: bytes, shown: str) -> None:
    assert opening.masked(body) == shown
