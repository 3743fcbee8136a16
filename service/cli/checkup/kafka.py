"""Kafka: brokers reached, topics there, as many replicas as the brokers allow."""

import asyncio
import ssl
from typing import Any, Final

from aiokafka.errors import KafkaError

from service.cli.checkup.finding import Finding, good, note, wrong
from service.kafka.clients import make_admin
from service.kafka.settings import KafkaSettings
from service.kafka.topics import TOPICS

SECONDS: Final = 10.0
SANE: Final = 3
"""Replicas that survive the loss of a broker while two must have each record."""


async def kafka(settings: KafkaSettings | None) -> list[Finding]:
    """What is there; nothing is made."""
    if settings is None:
        return [good("Kafka", "none: embedded, deliveries go straight into the trail")]
    admin = None
    try:
        async with asyncio.timeout(SECONDS):
            admin = make_admin(settings)
            await admin.start()
            cluster: dict[str, Any] = await admin.describe_cluster()
            # All topics: asking for one by name may make it.
            topics: list[dict[str, Any]] = await admin.describe_topics()
    except (KafkaError, OSError, TimeoutError, ssl.SSLError) as error:
        cure = "check LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS, and the protocol and credentials beside it"
        return [wrong("Kafka", f"{settings.bootstrap} cannot be reached or refuses ({type(error).__name__})", cure)]
    finally:
        if admin is not None:
            await admin.close()
    brokers = len(cluster["brokers"])
    findings = [good("Kafka", f"{settings.bootstrap}: {brokers} broker{'s' if brokers != 1 else ''}")]
    findings += [note("Kafka", said.removeprefix("Kafka: ")) for said in settings.notes()]
    return findings + topic_findings({one["topic"]: one["partitions"] for one in topics}, brokers)


def topic_findings(topics: dict[str, list[dict[str, Any]]], brokers: int) -> list[Finding]:
    """What is to say of our topics, given each topic's partitions as Kafka describes them."""
    missing = [name for name in TOPICS.all() if name not in topics]
    if missing:
        return [wrong("topics", f"{', '.join(missing)} not there", "ledgerhook migrate")]
    findings: list[Finding] = []
    behind = [name for name in TOPICS.all() if any(len(one["isr"]) < len(one["replicas"]) for one in topics[name])]
    if behind:
        findings.append(note("topics", f"{', '.join(behind)}: replicas are behind", "look after the brokers"))
    few = {name: min(len(one["replicas"]) for one in topics[name]) for name in TOPICS.all()}
    thin = sorted(name for name, count in few.items() if count < SANE)
    if thin:
        says = f"{', '.join(thin)}: {min(few.values())} replica(s): what is taken survives a process, not a broker"
        cure = (
            "raise their replication to 3, min.insync.replicas to 2 (kafka-reassign-partitions)"
            if brokers >= SANE
            else "for production: three brokers, LEDGERHOOK_KAFKA_REPLICATION=3 before `ledgerhook migrate`"
        )
        findings.append(note("topics", says, cure))
    partitions = len(topics[TOPICS.events])
    return [*findings, good("topics", f"all there; {TOPICS.events} has {partitions} partitions")]
