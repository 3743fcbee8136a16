"""Told to end, a process ends in time, whatever is stuck: schedulers kill ten seconds after SIGTERM."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import httpx

from service.kafka.settings import KafkaSettings
from service.kafka.topics import ensure_topics
from service.stopping import Stopping
from tests.web.told import BATCHED, body, payment
from tools.parts.broker import Broker

HERE: Final = Path(__file__).parents[2]
KILLED_AFTER: Final = 10.0


async def begun(url: httpx.URL, path: bytes) -> asyncio.StreamWriter:
    """A request whose body never comes."""
    _, writer = await asyncio.open_connection(url.host, url.port)
    kind = b"content-type: application/x-www-form-urlencoded"
    writer.write(b"POST " + path + b" HTTP/1.1\r\nhost: x\r\n" + kind + b"\r\ncontent-length: 99\r\n\r\n{")
    await writer.drain()
    return writer


async def test_with_a_stuck_request_and_a_stuck_kafka(tmp_path: Path, broker: Broker) -> None:
    await ensure_topics(KafkaSettings(bootstrap=broker.bootstrap, idempotence=broker.idempotent), partitions=1)
    environment = {
        "LEDGERHOOK_DATA_DIR": str(tmp_path / "data"),
        "LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
        "LEDGERHOOK_KAFKA_IDEMPOTENCE": str(broker.idempotent),
        "LEDGERHOOK_PUBLIC_PORT": "0",
        "LEDGERHOOK_ADMIN_PORT": "0",
        "LEDGERHOOK_ADMIN_TOKEN": "a-token-for-the-console",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kafka.whole_process", cwd=HERE, env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = await asyncio.wait_for(process.stdout.readline(), 60)
        url, admin = map(httpx.URL, said.decode().split())
        async with httpx.AsyncClient(base_url=url, timeout=10) as client:
            content = body(payment("ch_1"), payment("ch_2"))
            assert (await client.post("/webhooks/acme-shop", content=content, headers=BATCHED)).status_code == 202
            broker.freeze()
            stuck = [await begun(url, b"/webhooks/acme-shop"), await begun(admin, b"/login")]
            sending = asyncio.create_task(client.post("/webhooks/acme-shop", content=content, headers=BATCHED))
            await asyncio.wait({sending}, timeout=0.3)  # it is on its way to Kafka by then, or will be refused
            process.terminate()
            ended = await asyncio.wait_for(process.wait(), KILLED_AFTER)
            assert (await sending).status_code == 202
            for writer in stuck:
                writer.close()
        assert ended == 0
    finally:
        broker.thaw()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_what_takes_too_long_is_cut_short_and_the_rest_still_ends() -> None:
    stopping = Stopping(seconds=0.2)
    ended: list[str] = []

    async def stuck() -> None:
        await asyncio.Event().wait()

    async def quick() -> None:
        ended.append("quick")

    stopping.begin()
    async with asyncio.timeout(30):
        await stopping.within("a stuck part", stuck)
        await stopping.within("a quick part", quick)
    assert ended == ["quick"]


async def test_the_last_resort_ends_a_process_that_hangs() -> None:
    hangs = "import threading; from service.stopping import last_resort; last_resort(0.2); threading.Event().wait(60)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", hangs, cwd=HERE)
    assert await asyncio.wait_for(process.wait(), 60) == 1
