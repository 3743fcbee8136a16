"""The real parts beside the service: Kafka, PostgreSQL, the sandbox; each started when a bench first asks for it."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from aiokafka import TopicPartition

from bench.programs import Program, running
from service.kafka.clients import make_consumer
from service.kafka.settings import KafkaSettings
from service.kafka.topics import TOPICS, Topics, ensure_topics
from service.sealing import BadKeys, KeyRing, generate, parse_keys
from tools.kafka import apache_kafka
from tools.parts.broker import Broker, choose
from tools.parts.postgres import own_postgresql
from tools.parts.postgres_databases import fresh_database
from tools.parts.tansu import tansu

ADMIN_TOKEN = "bench-admin-token-of-this-run"  # noqa: S105 - opens a listener on loopback for minutes


@dataclass
class Parts:
    """What a run shares. Everything started is stopped by `ending`."""

    ending: ExitStack
    room: Path
    used: dict[str, str] = field(default_factory=dict)
    _rooms: int = 0

    @cached_property
    def key_text(self) -> str:
        """The keys that seal, as the setting holds them."""
        return generate("bench")

    @cached_property
    def keys(self) -> KeyRing:
        """The same, parsed."""
        keys = parse_keys(self.key_text)
        if isinstance(keys, BadKeys):
            raise TypeError(keys.reason)
        return keys

    @cached_property
    def broker(self) -> Broker:
        """Apache Kafka, fully compiled; Tansu where there is no Java."""
        choice = choose()
        started: Broker
        if choice.broker == "apache":
            started = self.ending.enter_context(apache_kafka(quick_start=False))
        else:
            started = self.ending.enter_context(tansu())
        self.used["broker"] = f"{started.name} ({choice.why}), one node"
        asyncio.run(ensure_topics(_reached(started)))
        return started

    @property
    def kafka(self) -> KafkaSettings:
        """How the broker is reached."""
        return _reached(self.broker)

    @cached_property
    def _postgres(self) -> str:
        self.used["postgres"] = "PostgreSQL of our own, synchronous_commit on, fsync on"
        return self.ending.enter_context(own_postgresql(durable=True)).dsn

    def database(self, stack: ExitStack) -> str:
        """A fresh PostgreSQL database for as long as `stack` lives."""
        return stack.enter_context(fresh_database(self._postgres))

    def directory(self, name: str) -> Path:
        """A new directory for one bench's files."""
        self._rooms += 1
        made = self.room / f"{self._rooms:02}-{name}"
        made.mkdir()
        return made

    def program(self, stack: ExitStack, module: str, *arguments: str, **environment: str) -> Program:
        """Start one of our programs for as long as `stack` lives; its standard error goes into a file."""
        log = self.directory(module.rpartition(".")[2]) / "log"
        return stack.enter_context(running(module, *arguments, log=log, environment=environment))

    def service(self, stack: ExitStack, *roles: str, kafka: bool, **environment: str) -> Program:
        """The service in these roles."""
        settings = {
            "LEDGERHOOK_ENCRYPTION_KEYS": self.key_text,
            "LEDGERHOOK_ADMIN_TOKEN": ADMIN_TOKEN,
            "LEDGERHOOK_PUBLIC_PORT": "0",
            "LEDGERHOOK_ADMIN_PORT": "0",
            "LEDGERHOOK_RUTTER_CLIENT_ID": "sandbox-client-id",
            "LEDGERHOOK_RUTTER_CLIENT_SECRET": "sandbox-client-secret",
        }
        if kafka:
            settings["LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS"] = self.broker.bootstrap
            settings["LEDGERHOOK_KAFKA_IDEMPOTENCE"] = str(self.broker.idempotent).lower()
        return self.program(stack, "bench.subjects.service", *roles, **settings, **environment)

    def topic_ends(self) -> dict[int, int]:
        """Where `ledgerhook.events` ends now: a fresh trail begins there, past what other benches wrote."""
        return asyncio.run(_ends(self.kafka, TOPICS))


def _reached(broker: Broker) -> KafkaSettings:
    return KafkaSettings(bootstrap=broker.bootstrap, idempotence=broker.idempotent)


async def _ends(settings: KafkaSettings, topics: Topics) -> dict[int, int]:
    consumer = make_consumer(settings, "bench-ends")
    await consumer.start()
    try:
        await consumer._client.force_metadata_update()  # noqa: SLF001 - so that it has heard of the topic
        parts = [TopicPartition(topics.events, one) for one in consumer.partitions_for_topic(topics.events) or ()]
        ends = await consumer.end_offsets(parts)
        return {part.partition: offset for part, offset in ends.items()}
    finally:
        await consumer.stop()
