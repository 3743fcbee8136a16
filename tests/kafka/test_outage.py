"""Kafka away, frozen, killed; the trail away: what was acknowledged is there once, and nobody waits for the dead."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consumers.intake import Accepted, DeliveryStatus
from service.kafka.consumer import Inbox
from service.kafka.log import KafkaLog
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.metrics import Metrics, new_metrics
from service.web.durable import LogThenTrail, Route, TrailDoor
from tests.kafka.cluster import STRUCTURED, own_topics, publish, running, until
from tests.web.kept import KEYS, Kept, opened
from tests.web.told import body, payment
from tools.parts.broker import Broker
from tools.parts.ports import free_ports


@pytest.fixture
def settings(broker: Broker) -> KafkaSettings:
    return KafkaSettings(bootstrap=broker.bootstrap, idempotence=broker.idempotent, group=f"inbox-{time.time_ns()}")


@pytest.fixture
async def topics(settings: KafkaSettings) -> Topics:
    made = own_topics()
    await ensure_topics(settings, made, partitions=1)
    return made


def delivery(number: int) -> Accepted:
    return Accepted(
        id=f"d-{number}",
        source="acme-shop",
        connection="acme",
        received_at=datetime(2026, 11, 2, tzinfo=UTC),
        status=DeliveryStatus.IGNORED,
        reason="a test",
    )


async def names(kept: Kept) -> list[str]:
    return sorted(one.id for one in await kept.deliveries())


@pytest.fixture
async def both(settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics) -> AsyncIterator[LogThenTrail]:
    log = KafkaLog(settings, topics.events, acknowledge_seconds=0.5, retry_seconds=0.1)
    await log.start()
    async with running(Inbox(settings, kept, KEYS, metrics, topics=topics, watch_seconds=0.5, stuck_seconds=3)):
        yield LogThenTrail(log, TrailDoor(kept), metrics)
    await log.close()


async def back_at_kafka(both: LogThenTrail, first: int) -> int:
    """Keep on until Kafka takes one; answers the number of the last one sent."""
    for number in range(first, first + 400):
        if await both.keep(delivery(number)) is Route.KAFKA:
            return number
        await asyncio.sleep(0.05)
    pytest.fail("Kafka did not come back")


async def test_without_kafka_deliveries_go_into_the_trail_at_once(kept: Kept) -> None:
    nowhere = KafkaLog(KafkaSettings(bootstrap=f"127.0.0.1:{free_ports(1)[0]}"), "events")
    await nowhere.start()
    metrics = new_metrics()
    both = LogThenTrail(nowhere, TrailDoor(kept), metrics)

    began = time.monotonic()
    routes = [await both.keep(delivery(number)) for number in range(5)]

    assert time.monotonic() - began < 5  # each waiting for itself they would take more than seven
    assert set(routes) == {Route.TRAIL}
    assert not nowhere.ready()
    assert await names(kept) == [f"d-{number}" for number in range(5)]
    assert "ledgerhook_intake_fallbacks_total 5.0" in metrics.exposition().decode()
    await nowhere.close()


async def test_a_frozen_broker_costs_one_delivery_its_time(broker: Broker, both: LogThenTrail, kept: Kept) -> None:
    sent = await back_at_kafka(both, 0)
    broker.freeze()
    try:
        began = time.monotonic()
        first = await both.keep(delivery(sent + 1))
        waited = time.monotonic() - began
        others = [await both.keep(delivery(number)) for number in range(sent + 2, sent + 12)]
        together = time.monotonic() - began - waited
    finally:
        broker.thaw()
    last = await back_at_kafka(both, sent + 12)

    async def all_there() -> bool:
        return len(await kept.deliveries()) == last + 1

    assert (first, set(others)) == (Route.TRAIL, {Route.TRAIL})
    assert 0.4 < waited < 10
    assert together < 4.5  # each waiting for itself they would take five
    await until(all_there)
    assert await names(kept) == sorted(f"d-{number}" for number in range(last + 1))


async def test_a_killed_broker_comes_back_and_everything_flows(broker: Broker, both: LogThenTrail, kept: Kept) -> None:
    if not broker.durable:
        pytest.skip(f"{broker.name} keeps its records in memory")
    sent = await back_at_kafka(both, 0)
    broker.kill()
    for number in range(sent + 1, sent + 4):
        assert await both.keep(delivery(number)) is Route.TRAIL
    broker.start()
    last = await back_at_kafka(both, sent + 4)

    async def all_there() -> bool:
        return len(await kept.deliveries()) == last + 1

    await until(all_there)


async def test_while_the_trail_is_away_nothing_is_lost_and_readiness_tells(
    settings: KafkaSettings, topics: Topics, metrics: Metrics, tmp_path: Path
) -> None:
    kept = opened(tmp_path / "busy", [])
    inbox = Inbox(settings, kept, KEYS, metrics, topics=topics)

    async def ready() -> bool:
        return inbox.ready()

    async def not_ready() -> bool:
        return not inbox.ready()

    async def recorded() -> bool:
        return await kept.keys() == ["payment:ch_1", "payment:ch_2"]

    async with running(inbox):
        await until(ready)
        with closing(sqlite3.connect(tmp_path / "busy" / "trail.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await publish(settings.bootstrap, topics.events, body(payment("ch_1")), STRUCTURED)
            await publish(settings.bootstrap, topics.events, body(payment("ch_2")), STRUCTURED)
            await until(not_ready)
            other.execute("ROLLBACK")
        await until(recorded)
        await until(ready)
    await kept.close()
