"""Topics of a test's own on the run's broker, a real trail, and both ways in."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service.kafka.consumer import Inbox
from service.kafka.log import KafkaLog
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.metrics import Metrics, new_metrics
from service.serving import listen, serving
from service.web.durable import Durable, LogThenTrail, TrailDoor
from service.web.intake import Intake
from service.web.public import create_public_app
from service.web.server import public_config
from service.web.sources import Sources
from tests.kafka.cluster import own_topics, running, settings_of
from tests.web.kept import KEYS, Kept, opened
from tests.web.told import SHOP
from tools.parts.broker import Broker, kafka_protocol_broker
from tools.parts.shared import BrokerAddress


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """One of our own that may be ill-treated."""
    with kafka_protocol_broker() as started:
        yield started


@pytest.fixture
def metrics() -> Metrics:
    return new_metrics()


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    trail = opened(tmp_path, [SHOP])
    yield trail
    await trail.close()


@pytest.fixture
def settings(kafka_broker: BrokerAddress) -> KafkaSettings:
    return settings_of(kafka_broker)


@pytest.fixture
async def topics(settings: KafkaSettings) -> Topics:
    made = own_topics()
    await ensure_topics(settings, made, partitions=3)
    return made


@pytest.fixture
async def log(settings: KafkaSettings, topics: Topics) -> AsyncIterator[KafkaLog]:
    made = KafkaLog(settings, topics.events)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def inbox(settings: KafkaSettings, topics: Topics, kept: Kept, metrics: Metrics) -> AsyncIterator[Inbox]:
    async with running(Inbox(settings, kept, KEYS, metrics, topics=topics)) as made:
        yield made


@dataclass(frozen=True)
class WayIn:
    client: httpx.AsyncClient
    kept: Kept


@pytest.fixture(params=["embedded", "kafka"])
async def way_in(request: pytest.FixtureRequest, kept: Kept, metrics: Metrics) -> AsyncIterator[WayIn]:
    """The listener over the trail alone, and over Kafka with the inbox behind it."""
    async with AsyncExitStack() as stack:
        durable: Durable = TrailDoor(kept)
        if request.param == "kafka":
            broker: BrokerAddress = request.getfixturevalue("kafka_broker")
            settings, topics = settings_of(broker), own_topics()
            await ensure_topics(settings, topics, partitions=3)
            log = KafkaLog(settings, topics.events)
            await log.start()
            stack.push_async_callback(log.close)
            durable = LogThenTrail(log, TrailDoor(kept), metrics)
            await stack.enter_async_context(running(Inbox(settings, kept, KEYS, metrics, topics=topics)))
        app = create_public_app(Intake(Sources(kept), durable, kept, KEYS, metrics))
        listener = listen("127.0.0.1", 0, "LEDGERHOOK_PUBLIC_PORT")
        await stack.enter_async_context(serving(public_config(app, "127.0.0.1", 0), listener))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=listener.url, timeout=30))
        yield WayIn(client, kept)
