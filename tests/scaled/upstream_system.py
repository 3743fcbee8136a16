"""Somebody else's program: writes records to a topic with a plain Kafka client. Run by the test, on its own.

    python -I upstream_system.py BOOTSTRAP TOPIC KEY FILE...

Prints the names of Ledgerhook's rooms that it has imported: none.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

PRODUCER: Any = AIOKafkaProducer


async def publish(bootstrap: str, topic: str, key: str, values: list[bytes]) -> None:
    async with PRODUCER(bootstrap_servers=bootstrap, acks="all") as producer:
        for value in values:
            headers = [("content-type", b"application/cloudevents+json")]
            await producer.send_and_wait(topic, value, key=key.encode(), headers=headers)


if __name__ == "__main__":
    asyncio.run(publish(sys.argv[1], sys.argv[2], sys.argv[3], [Path(name).read_bytes() for name in sys.argv[4:]]))
    rooms = {"schemas", "handlers", "consumers", "service", "sandbox", "tools"}
    print(sorted(rooms & {name.partition(".")[0] for name in sys.modules}))  # noqa: T201 - what the test reads
