"""The inbox: records of `ledgerhook.events` into the trail, with the positions, in one transaction.

A record that is no event goes to the dead letters and the next one is read. While the trail is down partitions are
paused and polling goes on; what it refused is read again from its positions. A stuck consumer is made anew.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from aiokafka.errors import KafkaError

from consumers.inbox import Dead, Row
from consumers.intake import DeliveryStatus, IntakeTrail, Position
from service.kafka.assignment import Assignment, OnWentBack
from service.kafka.clients import end_consumer, make_consumer
from service.kafka.dead import DeadLetters
from service.kafka.sender import KafkaSender
from service.kafka.session import Session
from service.kafka.settings import KafkaSettings
from service.kafka.topics import TOPICS, Topics
from service.kafka.watch import StuckError, Watch
from service.logs import say, warn
from service.metrics import Metrics
from service.sealing import KeyRing, seal_delivery
from service.storing import HopelessError, ToStore, store

_LONGEST_WAIT: Final = 5.0
_LAST_STEP_SECONDS: Final = 6.0


class Inbox:
    """Run `run` as a task; `stop` lets the batch in hand be stored first."""

    def __init__(
        self,
        settings: KafkaSettings,
        trail: IntakeTrail,
        keys: KeyRing,
        metrics: Metrics,
        *,
        topics: Topics = TOPICS,
        on_went_back: OnWentBack | None = None,
        watch_seconds: float = 5.0,
        stuck_seconds: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is connected before `run`."""
        self._settings = settings
        self._trail = trail
        self._keys = keys
        self._metrics = metrics
        self._topics = topics
        self._on_went_back = on_went_back
        self._watch_seconds = watch_seconds
        self._stuck_seconds = stuck_seconds
        self._monotonic = monotonic
        self._sender = KafkaSender(settings)
        self._dead = DeadLetters(self._sender, topics.dead, metrics)
        self._stopping = asyncio.Event()
        self._session: Session | None = None

    def ready(self) -> bool:
        """Whether it reads, the brokers answer and the trail takes what is read."""
        return self._session is not None and self._session.ready()

    def stop(self) -> None:
        """End `run` after the batch in hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Read until stopped; whatever Kafka does is met by beginning anew."""
        wait = 0.2
        try:
            while not self._stopping.is_set():
                began = self._monotonic()
                try:
                    await self._read()
                except (KafkaError, StuckError, TimeoutError, OSError) as error:
                    warn("inbox.rebuilt", why=type(error).__name__, what=str(error)[:200])
                    wait = 0.2 if self._monotonic() - began > 60 else min(wait * 2, _LONGEST_WAIT)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._stopping.wait(), wait)
        finally:
            await self._sender.close()

    async def _read(self) -> None:
        consumer = make_consumer(self._settings, self._settings.group)
        assignment = Assignment(consumer, self._trail, self._topics.events, self._on_went_back)
        session = Session(consumer, assignment, self._store, self._stopping)
        watch = Watch(
            consumer,
            session.reading,
            every=self._watch_seconds,
            stuck_after=self._stuck_seconds,
            monotonic=self._monotonic,
        )
        session.watch = watch
        try:
            consumer.subscribe([self._topics.events], listener=assignment)
            await consumer.start()
            self._session = session
            await self._read_until_stopped(session, watch)
        finally:
            self._session = None
            await end_consumer(consumer)

    async def _read_until_stopped(self, session: Session, watch: Watch) -> None:
        reading = asyncio.create_task(session.run())
        others = [asyncio.create_task(watch.run()), asyncio.create_task(self._stopped())]
        try:
            await asyncio.wait([reading, *others], return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                await asyncio.wait([reading], timeout=_LAST_STEP_SECONDS)
            for task in (reading, *others):
                if task.done():
                    task.result()
        finally:
            for task in (reading, *others):
                task.cancel()
            await asyncio.gather(reading, *others, return_exceptions=True)

    async def _stopped(self) -> None:
        await self._stopping.wait()

    async def _store(self, rows: Sequence[Row]) -> None:
        """One batch: dead letters first, then everything else with the positions of all."""
        await self._dead.bury([(row.record, row.became.reason) for row in rows if isinstance(row.became, Dead)])
        to_store = [self._to_store(row) for row in rows]
        places = {one.position: row for one, row in zip(to_store, rows, strict=True)}

        async def hopeless(row: ToStore, error: HopelessError) -> None:
            if row.delivery is None or row.position is None:
                raise error
            await self._dead.bury([(places[row.position].record, str(error))])
            await self._trail.record((), (row.position,))

        verdicts = await store(self._trail, to_store, hopeless)
        for verdict, count in Counter(chain.from_iterable(row for row in verdicts if row)).items():
            self._metrics.recorded.labels(verdict.value).inc(count)
        say("inbox.batch", records=len(rows), dead=sum(isinstance(row.became, Dead) for row in rows))

    def _to_store(self, row: Row) -> ToStore:
        position = _place(row)
        if isinstance(row.became, Dead):
            return ToStore(None, position)
        delivery = row.became
        if delivery.sealed is None and delivery.status is DeliveryStatus.UNREADABLE:
            headers = {name: value.decode("latin-1") for name, value in row.record.headers}
            delivery = replace(
                delivery, sealed=seal_delivery(self._keys, delivery.id, headers, row.record.value or b"")
            )
        return ToStore(delivery, position)


def _place(row: Row) -> Position:
    return Position(row.record.topic, row.record.partition, row.next_offset)
