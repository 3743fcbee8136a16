"""Reading on while a batch is being stored: what was read ahead never overtakes what the trail refused."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from consumers.intake import Accepted, Position, Verdict
from service.kafka.consumer import Inbox
from service.kafka.session import MAX_BATCH
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.metrics import Metrics
from tests.kafka.cluster import STRUCTURED, Producer, own_topics, running, until
from tests.web.kept import KEYS, Kept
from tests.web.told import body, payment

EVENTS = 2 * MAX_BATCH + 500


@dataclass
class Refusing:
    """The real trail, away while the second and the third batch are brought to it; notes which were brought."""

    kept: Kept
    brought: list[str] = field(default_factory=list)
    away: tuple[int, ...] = (2, 3)

    async def record(self, batch: Sequence[Accepted], moved: Sequence[Position] = ()) -> Sequence[tuple[Verdict, ...]]:
        self.brought.append(batch[0].events[0].key)
        await asyncio.to_thread(bool)  # as long as any thread takes: the next batch is read meanwhile
        if len(self.brought) in self.away:
            raise ConnectionError("the database is away")
        return await self.kept.record(batch, moved)

    def __getattr__(self, name: str) -> object:
        return getattr(self.kept, name)


async def all_published(settings: KafkaSettings) -> Topics:
    topics = own_topics()
    await ensure_topics(settings, topics, partitions=1)
    producer = Producer(bootstrap_servers=settings.bootstrap, acks="all", linger_ms=20)
    await producer.start()
    sent = [await producer.send(topics.events, body(payment(f"ch_{n:05}")), headers=STRUCTURED) for n in range(EVENTS)]
    await asyncio.gather(*sent)
    await producer.stop()
    return topics


async def test_what_was_read_ahead_waits_for_what_the_trail_refused(
    settings: KafkaSettings, kept: Kept, metrics: Metrics
) -> None:
    topics = await all_published(settings)
    trail = Refusing(kept)

    async def all_there() -> bool:
        return await kept.positions(topics.events) == {0: EVENTS}

    async with running(Inbox(settings, trail, KEYS, metrics, topics=topics)):  # type: ignore[arg-type]  # the rest of it by name
        await until(all_there)

    assert await kept.keys() == [f"payment:ch_{n:05}" for n in range(EVENTS)]
    assert trail.brought[1] == trail.brought[2] == trail.brought[3]


async def test_told_to_stop_it_stores_the_batch_in_hand(settings: KafkaSettings, kept: Kept, metrics: Metrics) -> None:
    topics = await all_published(settings)
    trail = Refusing(kept, away=())

    async def begun() -> bool:
        return bool(trail.brought)

    async with running(Inbox(settings, trail, KEYS, metrics, topics=topics)):  # type: ignore[arg-type]  # the rest of it by name
        await until(begun)

    keys = await kept.keys()
    assert keys
    assert await kept.positions(topics.events) == {0: len(keys)}
    assert keys == [f"payment:ch_{n:05}" for n in range(len(keys))]
