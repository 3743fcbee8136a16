"""The inbox: events a second from Kafka into the trail, against a bare aiokafka loop that reads and commits."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice

from bench.figures import Figure, Goal, against_ceiling
from bench.orders import FIRST
from bench.parts import Parts
from bench.scale import Scale
from bench.shop import accepted, furnish
from service.kafka.log import KafkaLog
from service.kafka.settings import KafkaSettings
from service.kafka.topics import Topics, ensure_topics
from service.sealing import KeyRing

TOPICS = Topics(events="bench.inbox", dead="bench.inbox.dead", documents="bench.documents", connections="bench.links")
CONNECTIONS = 8
RATE = "inbox.postgresql"
"""The key of the figure that a replay is compared with."""
_TOGETHER = 400


def measure(parts: Parts, scale: Scale, step: Callable[[str], None]) -> Iterator[Figure]:
    """The bare loop and the inbox take turns over the same records."""
    step(f"inbox: writing {scale.inbox_events} deliveries to Kafka")
    asyncio.run(_fill(parts.kafka, parts.keys, scale.inbox_events))
    postgres: list[tuple[float, float]] = []
    sqlite: list[tuple[float, float]] = []
    for turn in range(scale.rounds):
        step(f"inbox: round {turn + 1} of {scale.rounds}")
        bare = _run(parts, "bench.subjects.bare_consumer", str(scale.inbox_events))
        with ExitStack() as stack:
            postgres.append((_into(parts, parts.database(stack), scale), bare))
        sqlite.append((_into(parts, str(parts.directory("sqlite") / "trail.sqlite3"), scale), bare))
    what, goal = "Kafka to the trail", Goal(sense="at least", bound=0.20)
    yield against_ceiling(RATE, f"{what} in PostgreSQL", "/s", postgres, goal)
    yield against_ceiling("inbox.sqlite", f"{what} in SQLite", "/s", sqlite, None, note="reported")


def _into(parts: Parts, where: str, scale: Scale) -> float:
    furnish(where, parts.keys, connections=CONNECTIONS)
    return _run(parts, "bench.subjects.inbox", where, str(scale.inbox_events))


def _run(parts: Parts, module: str, *arguments: str) -> float:
    """Records a second."""
    with ExitStack() as stack:
        keys = {"LEDGERHOOK_ENCRYPTION_KEYS": parts.key_text}
        program = parts.program(stack, module, parts.broker.bootstrap, TOPICS.events, *arguments, **keys)
        told = program.told(180)
    records: int = told.get("records") or told["events"]
    seconds: float = told["seconds"]
    return records / seconds


async def _fill(settings: KafkaSettings, keys: KeyRing, count: int) -> None:
    """As the web process writes them."""
    await ensure_topics(settings, TOPICS)
    log = KafkaLog(settings, TOPICS.events)
    await log.start()
    deliveries = accepted(keys, range(FIRST, FIRST + count), connections=CONNECTIONS)
    while batch := list(islice(deliveries, _TOGETHER)):
        if not all(await asyncio.gather(*(log.append(delivery) for delivery in batch))):
            raise RuntimeError("Kafka did not acknowledge a delivery of the bench")
    await log.close()
