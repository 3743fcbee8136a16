"""Whether a broker answers, asked by the Kafka protocol itself."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError


def wait_until_ready(
    bootstrap: str, *, brokers: int, alive: Callable[[], bool], deadline_seconds: float = 60.0
) -> bool:
    """Wait until every broker of `bootstrap` answers and its own metadata name `brokers` live brokers.

    Each is asked: the others still take a broker that was just killed for alive.

    Returns:
        False when the deadline passed, or when `alive` said that the program has ended.
    """
    deadline = time.monotonic() + deadline_seconds
    waiting = bootstrap.split(",")
    while alive() and time.monotonic() < deadline:
        while waiting and _listening(waiting[0]) and _count(waiting[0]) >= brokers:
            waiting.pop(0)
        if not waiting:
            return True
        time.sleep(0.1)
    return False


def _listening(address: str) -> bool:
    # Asked first because the client writes an error to the log for each address that refuses it.
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _count(address: str) -> int:
    counted: list[int] = []
    # In a thread of its own: the caller may be a coroutine, where no second loop may run.
    asking = threading.Thread(target=lambda: counted.append(asyncio.run(_brokers(address))))
    asking.start()
    asking.join()
    return counted[0] if counted else 0


async def _brokers(address: str) -> int:
    untyped: Any = AIOKafkaClient
    client = untyped(bootstrap_servers=address, request_timeout_ms=5000)
    try:
        async with asyncio.timeout(8):
            await client.bootstrap()
            return len(client.cluster.brokers())
    except (KafkaError, TimeoutError, OSError):
        return 0
    finally:
        await client.close()
