"""The same seed gives the same day; another gives another."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.day.generate import generate

NOW = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)


def test_same_arguments_same_day() -> None:
    assert generate(7, NOW) == generate(7, NOW)


def test_another_seed_another_day() -> None:
    one, other = generate(7, NOW), generate(8, NOW)
    assert one.deliveries != other.deliveries
    assert one.expected != other.expected


def test_more_orders_of_one_source_keep_those_there_were() -> None:
    small, large = generate(7, NOW, orders=220), generate(7, NOW, orders=400)
    from_shop = [order for order in small.facts.orders if order.source == "acme-shop"]
    more = [order for order in large.facts.orders if order.source == "acme-shop"]
    assert [order.number for order in more[: len(from_shop)]] == [order.number for order in from_shop]


def test_the_day_does_not_depend_on_the_zone_that_now_is_written_in() -> None:

    there = generate(7, NOW.astimezone(ZoneInfo("Asia/Tokyo")))
    assert there.expected == generate(7, NOW).expected


def test_too_small_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 120 orders"):
        generate(7, NOW, orders=119)


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        generate(7, NOW.replace(tzinfo=None))


def test_everything_has_happened_before_now() -> None:
    day = generate(7, NOW)
    assert max(one.at for one in day.deliveries) < NOW
    assert min(one.at for one in day.deliveries) > NOW - timedelta(hours=25)
