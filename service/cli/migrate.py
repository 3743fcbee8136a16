"""`ledgerhook migrate`: the trail's schema and Kafka's topics, brought up to date."""

import asyncio
from functools import partial
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from service.cli.opening import DataDir, installation_or_fail, settings_or_fail, visit
from service.cli.show import OUT, fail
from service.clock import SystemClock
from service.kafka.topics import ensure_topics
from service.running import kafka_settings
from service.trail import rotation, schema
from service.trail.database import Trail, TrailUnavailableError, open_trail


def run(
    data_dir: DataDir = None,
    reseal: Annotated[bool, typer.Option("--reseal", help="Seal again what an older key sealed, then end.")] = False,
) -> None:
    """Safe to run again, and beside the version before: changes expand first and contract a version later."""
    if reseal:
        OUT.print(f"sealed again: {visit(data_dir, _reseal)}")
        return
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


async def _reseal(trail: Trail) -> int:
    resealed = 0
    at: rotation.Step | None = rotation.Step()
    while at is not None:
        resealed = at.resealed
        at = await trail.run(partial(rotation.step, keys=trail.keys, at=at))
    return resealed
