"""The day through Kafka and PostgreSQL, two web and two worker processes, one of them killed: the same books."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.parts.broker import Broker
from tools.scaled_day.installation import Places
from tools.scaled_day.result import ScaledDay
from tools.scaled_day.run import run

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
async def day(broker: Broker, postgres_url: str, tmp_path: Path) -> ScaledDay:
    places = Places(broker.name, broker.bootstrap, broker.idempotent, postgres_url)
    return await run(places, tmp_path, seed=7, now=NOW, orders=120, say=print)


async def test_one_day_killed_replayed_and_rebuilt(day: ScaledDay) -> None:
    """One run shows it all: it takes a minute, most of it the dead worker's unanswered write."""
    assert day.problems == ()
    books_are_right(day)
    the_write_was_taken_over(day)
    replay_posts_nothing_and_rebuilds_everything(day)


def books_are_right(day: ScaledDay) -> None:
    right = {
        "invoices": 122,
        "invoice_payments": 129,
        "credit_memos": 30,
        "credit_applications": 4,
        "customer_refunds": 8,
    }
    assert day.audit.matched == right
    assert day.audit.is_clean
    assert (day.deliveries, day.published, day.answers) == (421, 55, {202: 364, 401: 2})
    assert day.released == 5


def the_write_was_taken_over(day: ScaledDay) -> None:
    seen = day.takeover
    assert seen.killed.write.key.startswith("invoice:")
    assert (seen.killed.write.state, seen.killed.write.attempt) == ("sent", 1)
    assert seen.role != seen.killed.role
    assert seen.lease.token == seen.killed.lease.token + 1
    assert seen.resolved.idempotency_key == seen.killed.write.idempotency_key
    assert (seen.resolved.state, seen.requests, seen.in_the_books) == ("written", 2, 1)


def replay_posts_nothing_and_rebuilds_everything(day: ScaledDay) -> None:
    assert (day.replayed.deliveries, day.replayed.posts) == (419, 0)
    assert day.rebuilt.deliveries == 419
    assert day.rebuilt.audit.is_clean
    assert day.rebuilt.audit.matched == day.audit.matched
