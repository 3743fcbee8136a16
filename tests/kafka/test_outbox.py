"""What the trail tells leaves in its order, and is marked once it is there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from service.kafka.outbox import Outbox
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.trail import outbox
from tests.kafka.cluster import everything, running, until
from tests.web.kept import Kept

AT = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class Told:
    """Fits `OutboxTrail`."""

    kept: Kept

    async def unsent(self, limit: int) -> Sequence[outbox.Outgoing]:
        return await self.kept.trail.run(lambda c: outbox.unsent(c, limit))

    async def sent(self, seqs: Sequence[int]) -> None:
        await self.kept.trail.run(lambda c: outbox.sent(c, seqs, AT))

    async def tell(self, number: int) -> None:
        await self.kept.trail.run(
            lambda c: outbox.tell(
                c, outbox.DOCUMENTS, "document.posted", "acme", subject=f"invoice:{number}", at=AT, data={}
            )
        )


async def test_rows_leave_in_order_and_once(settings: KafkaSettings, topics: Topics, kept: Kept) -> None:
    told = Told(kept)
    for number in range(450):
        await told.tell(number)

    async def all_sent() -> bool:
        return not await told.unsent(1)

    async with running(Outbox(told, settings, topics={outbox.DOCUMENTS: topics.documents})) as sender:
        await until(all_sent)
        await told.tell(450)
        sender.wake()
        await until(all_sent)

    records = await everything(settings.bootstrap, topics.documents)
    assert [json.loads(record.value)["subject"] for record in records] == [f"invoice:{n}" for n in range(451)]
    assert {record.key for record in records} == {b"acme"}
    assert dict(records[0].headers)["content-type"] == b"application/cloudevents+json"


async def test_another_process_turn_is_left_alone(settings: KafkaSettings, topics: Topics, kept: Kept) -> None:
    told = Told(kept)
    await told.tell(1)
    asked = 0

    async def not_mine() -> bool:
        nonlocal asked
        asked += 1
        return False

    async def asked_twice() -> bool:
        return asked >= 2

    async with running(Outbox(told, settings, my_turn=not_mine)) as sender:
        sender.wake()
        await until(asked_twice)

    assert len(await told.unsent(10)) == 1


async def test_topics_are_made_once(settings: KafkaSettings, topics: Topics) -> None:
    assert await ensure_topics(settings, topics, partitions=3) == ()
