"""Several tellings of one fact: the same, fuller, or conflicting, whatever order they come in."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from consumers.tellings import Conflicting, Fuller, Same, merge
from schemas.events import Event
from schemas.facts import Customer, Fee
from tests.planning.shop import ADA, NOON, line, order, payment, refund, returned, through
from tests.planning.strategies import EVENTS, ORDER_EVENTS, PAYMENT_EVENTS, REFUND_EVENTS

FULL = order(line(2368, 190), line(500, number=2), total=3558, shipping=500)
SUMMARY = order(line(3558, sku=None, number=7), total=3558)


def both_ways(one: Event, other: Event) -> Event:
    """What the two make, which must not depend on which came first."""
    made, same = _made(one, other), _made(other, one)
    assert made == same
    return made


def _made(stored: Event, told: Event) -> Event:
    match merge(stored, told):
        case Fuller(event):
            return event
        case Same():
            return stored
        case Conflicting(detail):
            raise AssertionError(detail)


def conflict(stored: Event, told: Event) -> str:
    merged = merge(stored, told)
    assert isinstance(merged, Conflicting), merged
    assert isinstance(merge(told, stored), Conflicting)
    return merged.detail


def test_the_same_twice() -> None:
    assert merge(FULL, FULL) == Same()


def test_less_than_is_known_adds_nothing() -> None:
    less = order(
        line(2368, 190),
        line(500, number=2),
        total=3558,
        shipping=500,
        customer=Customer(id=None, name=None, email=None),
    )
    assert merge(FULL, less) == Same()
    assert merge(less, FULL) == Fuller(FULL)


def test_real_lines_stand_for_a_summary_with_all_that_belongs_to_them() -> None:
    assert both_ways(SUMMARY, FULL) == FULL


def test_each_fills_what_the_other_leaves_out() -> None:
    named = payment(3058, ("1001", 3058), gateway=None, method=None, reference="ch_1")
    bare = payment(3058, gateway="stripe", applies_to=None, fee=Fee(currency="USD", amount=119))
    made = both_ways(named, bare)
    assert made == payment(3058, ("1001", 3058), reference="ch_1", fee=Fee(currency="USD", amount=119))


def test_the_earlier_time_stands() -> None:
    later = payment(3058, ("1001", 3058), received_at=NOON + timedelta(seconds=2))
    assert both_ways(payment(3058, ("1001", 3058)), later) == payment(3058, ("1001", 3058))


def test_refund_lines_fill_an_amount() -> None:
    lines = refund(1279, returned(1184, 95), money=[through(1279, None)])
    amount = refund(1279, money=[through(1279)], order_id=None)
    made = both_ways(lines, amount)
    assert made == refund(1279, returned(1184, 95), money=[through(1279)])


@pytest.mark.parametrize(
    ("stored", "told", "detail"),
    [
        (FULL, order(line(3559), total=3559), "total: first told as 35.58 USD, now as 35.59 USD: 0.01 USD more"),
        (FULL, order(line(1), total=3558, currency="EUR"), "currency: first told as USD, now as EUR"),
        (
            FULL,
            order(line(2368, 90), line(500, number=2), total=3558, shipping=600),
            "line 1's seller tax: first told as 1.90 USD, now as 0.90 USD: 1.00 USD less",
        ),
        (
            order(line(100), total=100, customer=ADA),
            order(line(100), total=100, customer=Customer(id="c-1", name="Ada", email=None)),
            "customer: first told as c-9, now as c-1",
        ),
        (
            payment(3058, ("1001", 3058)),
            payment(3058, ("1001", 3000)),
            "for order 1001: first told as 30.58 USD, now as 30.00 USD: 0.58 USD less",
        ),
        (
            payment(3058, ("1001", 3058)),
            payment(3058),
            "for order 1001: first told as 30.58 USD, now as 0.00 USD: 30.58 USD less",
        ),
        (refund(500), refund(500, order_id="1002"), "order: first told as 1001, now as 1002"),
        (
            refund(500),
            refund(500, money=[through(500)]),
            "money moved: first told as 0.00 USD, now as 5.00 USD: 5.00 USD more",
        ),
        (
            refund(500, money=[through(500)]),
            refund(500, money=[through(500, "pi_2")]),
            "through payment pi_1: first told as 5.00 USD, now as 0.00 USD: 5.00 USD less",
        ),
    ],
)
def test_what_conflicts_and_how_it_is_said(stored: Event, told: Event, detail: str) -> None:
    assert conflict(stored, told) == detail


QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


PAIRS = st.one_of(*(st.tuples(kind, kind) for kind in (ORDER_EVENTS, PAYMENT_EVENTS, REFUND_EVENTS)))
MUST_AGREE = {"id", "currency", "total", "amount"}


@st.composite
def tellings(draw: st.DrawFn) -> tuple[Event, Event, Event]:
    """Three tellings of one fact that may well agree: each tells some of it as one event does, and some as another."""
    first, other = draw(PAIRS)
    noun = next(iter(type(first.data).model_fields))
    fact, otherwise = getattr(first.data, noun), getattr(other.data, noun)
    names = sorted(set(type(fact).model_fields) - MUST_AGREE)
    told = []
    for _ in range(3):
        taken = draw(st.sets(st.sampled_from(names), max_size=4))
        changed = fact.model_copy(update={name: getattr(otherwise, name) for name in taken})
        told.append(first.model_copy(update={"data": first.data.model_copy(update={noun: changed})}))
    return told[0], told[1], told[2]


@QUICK
@given(tellings())
def test_merging_does_not_depend_on_the_order(three: tuple[Event, Event, Event]) -> None:
    one, two, three_ = three
    pairs = [merge(a, b) for a, b in ((one, two), (two, three_), (one, three_))]
    backwards = [merge(b, a) for a, b in ((one, two), (two, three_), (one, three_))]
    assert [isinstance(pair, Conflicting) for pair in pairs] == [isinstance(pair, Conflicting) for pair in backwards]
    assume(not any(isinstance(pair, Conflicting) for pair in pairs))
    assert _made(_made(one, two), three_) == _made(one, _made(two, three_)) == _made(_made(three_, one), two)
    assert merge(_made(one, two), one) == Same()
    assert merge(_made(one, two), two) == Same()


@QUICK
@given(EVENTS, EVENTS)
def test_any_two_events_have_an_answer(stored: Event, told: Event) -> None:
    assert isinstance(merge(stored, told), Same | Fuller | Conflicting)
    assert merge(stored, stored) == Same()
