"""`ledgerhook migrate`: the trail's schema and Kafka's topics, brought up to date."""

import asyncio

from aiokafka.errors import KafkaError

from service.cli.opening import DataDir, installation_or_fail, settings_or_fail
from service.cli.show import OUT, fail
from service.clock import SystemClock
from service.kafka.topics import ensure_topics
from service.running import kafka_settings
from service.trail import schema
from service.trail.database import TrailUnavailableError, open_trail


def run(data_dir: DataDir = None) -> None:
    """Safe to run again, and beside the version before: changes expand first and contract a version later."""
    settings = settings_or_fail(data_dir=data_dir)
    here = installation_or_fail(settings, create=settings.database_url is None)
    try:
        open_trail(here.trail, here.keys, SystemClock(), migrate=True).shut()
    except TrailUnavailableError as error:
        fail(str(error))
    OUT.print(f"trail: schema {schema.HEAD}")
    kafka = kafka_settings(settings)
    if kafka is None:
        return
    try:
        made = asyncio.run(
            ensure_topics(kafka, partitions=settings.kafka_partitions, replication=settings.kafka_replication)
        )
    except (KafkaError, OSError, TimeoutError) as error:
        fail(f"Kafka at {kafka.bootstrap} cannot be reached or refuses: {type(error).__name__} {error}")
    OUT.print(f"Kafka: made {', '.join(made)}" if made else "Kafka: all topics are there")
