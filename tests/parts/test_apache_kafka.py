"""Apache Kafka of our own: what it keeps, how it ends, and what it says where it cannot start."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from tools.kafka import ApacheKafka, apache_kafka, jars

Producer: Any = AIOKafkaProducer  # aiokafka has no types
Consumer: Any = AIOKafkaConsumer
Admin: Any = AIOKafkaAdminClient
Topic: Any = NewTopic

CHECKOUT = Path(__file__).parents[2]
needs_apache = pytest.mark.skipif(jars.missing() is not None, reason=f"Apache Kafka: {jars.missing()}")


@pytest.fixture(scope="module")
def broker() -> Iterator[ApacheKafka]:
    with apache_kafka() as started:
        yield started


@needs_apache
async def test_stop_and_kill_keep_ports_and_data(broker: ApacheKafka) -> None:
    address = broker.bootstrap
    await create(address, "kept")
    await send(address, "kept", b"before")

    broker.stop()
    assert broker.pids() == []
    broker.start()
    await send(address, "kept", b"between")
    broker.kill()
    broker.start()

    assert broker.bootstrap == address
    assert await read(address, "kept", 2) == [b"before", b"between"]


@needs_apache
async def test_a_frozen_broker_answers_nobody_until_thawed(broker: ApacheKafka) -> None:
    await create(broker.bootstrap, "frozen")
    broker.freeze()
    try:
        with pytest.raises((KafkaError, TimeoutError)):
            async with asyncio.timeout(2):
                await send(broker.bootstrap, "frozen", b"unheard")
    finally:
        broker.thaw()
    await send(broker.bootstrap, "frozen", b"heard")
    assert (await read(broker.bootstrap, "frozen", 1))[0] in {b"heard", b"unheard"}


@needs_apache
async def test_three_nodes_keep_three_copies_and_outlast_one() -> None:
    with apache_kafka(nodes=3) as cluster:
        assert len(cluster.addresses) == 3
        await create(cluster.bootstrap, "copied", copies=3)
        await send(cluster.bootstrap, "copied", b"1")
        cluster.kill(1)
        assert len(cluster.pids()) == 2
        # Reading first: it finds the partition's leader again, where the killed node had led it.
        assert await read(cluster.bootstrap, "copied", 1) == [b"1"]
        await send(cluster.bootstrap, "copied", b"2")
        cluster.start(1)
        assert await read(cluster.addresses[1], "copied", 2) == [b"1", b"2"]


@needs_apache
def test_the_command_leaves_nothing_behind(tmp_path: Path) -> None:
    up = subprocess.Popen(
        [sys.executable, "-m", "tools.kafka", "up"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    with up:
        assert up.stdout is not None
        host, _, port = up.stdout.readline().strip().rpartition(":")
        assert (host, port.isdigit()) == ("127.0.0.1", True)
        assert [path.name.rsplit("-", 1)[0] for path in tmp_path.iterdir()] == ["ledgerhook-kafka"]
        up.terminate()
        assert up.wait(30) == 0
    assert list(tmp_path.iterdir()) == []


def test_without_java_one_line_says_so(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.kafka", "up"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": str(tmp_path)},
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "Apache Kafka cannot start here: java is not on PATH\n"


async def create(bootstrap: str, topic: str, *, copies: int = 1) -> None:
    admin = Admin(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([Topic(topic, num_partitions=1, replication_factor=copies)])
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, value: bytes) -> None:
    producer = Producer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    try:
        await producer.start()
        await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = Consumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()
