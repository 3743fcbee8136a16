"""The inbox alone: Kafka to trail, timed from the moment it knows where to begin until the last event is committed.

Arguments: bootstrap servers, topic, where the trail is, number of events. LEDGERHOOK_ENCRYPTION_KEYS holds the keys.
"""

import asyncio
import os
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.subjects.saying import say
from consumers.intake import Accepted, IntakeTrail, Position, Verdict
from schemas.sources import Source
from service.cli.starting import loop_factory
from service.clock import SystemClock
from service.garbage import settle
from service.kafka.consumer import Inbox
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics
from service.logs import set_up_logs
from service.metrics import new_metrics
from service.sealing import BadKeys, parse_keys
from service.trail.database import open_trail


@dataclass(slots=True)
class Timed:
    """The trail, with a clock beside it."""

    trail: IntakeTrail
    wanted: int
    stored: int = 0
    began: float = 0.0
    all_there: asyncio.Event = field(default_factory=asyncio.Event)

    async def record(
        self, batch: Sequence[Accepted], positions: Sequence[Position] = ()
    ) -> Sequence[tuple[Verdict, ...]]:
        """Record, and count what is new."""
        answered = await self.trail.record(batch, positions)
        self.stored += sum(verdict is Verdict.NEW for verdicts in answered for verdict in verdicts)
        if self.stored >= self.wanted:
            self.all_there.set()
        return answered

    async def positions(self, topic: str) -> Mapping[int, int]:
        """Reading begins when this is known."""
        found = await self.trail.positions(topic)
        self.began = self.began or time.perf_counter()
        return found

    async def sources(self) -> Sequence[Source]:
        """As the trail has them."""
        return await self.trail.sources()


async def main(bootstrap: str, topic: str, where: str, count: int) -> None:
    """Read them all into the trail."""
    keys = parse_keys(os.environ["LEDGERHOOK_ENCRYPTION_KEYS"])
    if isinstance(keys, BadKeys):
        sys.exit(keys.reason)
    set_up_logs("json", "info")
    trail = open_trail(where, keys, SystemClock())
    timed = Timed(trail.intake, count)
    settings = KafkaSettings(bootstrap=bootstrap, group=f"bench-{uuid.uuid4().hex}")
    inbox = Inbox(settings, timed, keys, new_metrics(), topics=Topics(events=topic))
    settle()
    running = asyncio.create_task(inbox.run())
    await timed.all_there.wait()
    say(events=timed.stored, seconds=time.perf_counter() - timed.began)
    inbox.stop()
    await running
    await trail.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
