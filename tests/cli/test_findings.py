"""What the doctor makes of what it was told: Kafka's topics, a server's clock."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.cli.checkup.kafka import topic_findings
from service.cli.checkup.rutter import clock_finding

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "state", "says"),
    [
        ("Mon, 02 Nov 2026 12:00:00 GMT", "good", "right"),
        ("Mon, 02 Nov 2026 11:58:59 GMT", "note", "61 s ahead"),
        ("Mon, 02 Nov 2026 12:10:00 GMT", "wrong", "600 s behind"),
        ("yesterday", "skipped", "not compared: the server's time cannot be read"),
    ],
)
def test_the_clock(told: str, state: str, says: str) -> None:
    finding = clock_finding(told, NOON)

    assert (finding.state, finding.says) == (state, says)


TOPICS = ("ledgerhook.events", "ledgerhook.events.dead", "ledgerhook.documents", "ledgerhook.connections")


def _topics(replicas: int, in_sync: int) -> dict[str, list[dict[str, Any]]]:
    return {name: [{"replicas": [1, 2, 3][:replicas], "isr": [1, 2, 3][:in_sync]}] * 4 for name in TOPICS}


def test_topics_with_sane_replication() -> None:
    (finding,) = topic_findings(_topics(3, 3), brokers=3)

    assert (finding.state, finding.says) == ("good", "all there; ledgerhook.events has 4 partitions")


@pytest.mark.parametrize(("replicas", "in_sync", "brokers", "cure"), [
    (1, 1, 1, "three brokers"), (1, 1, 3, "raise their replication to 3"), (3, 2, 3, "look after the brokers"),
])  # fmt: skip
def test_topics_that_a_broker_takes_along(replicas: int, in_sync: int, brokers: int, cure: str) -> None:
    first, *_ = topic_findings(_topics(replicas, in_sync), brokers)

    assert first.state == "note"
    assert cure in (first.cure or "")


def test_topics_that_are_missing() -> None:
    topics = _topics(3, 3)
    del topics["ledgerhook.documents"]

    (finding,) = topic_findings(topics, brokers=3)

    assert (finding.state, finding.cure) == ("wrong", "ledgerhook migrate")
    assert finding.says == "ledgerhook.documents not there"
