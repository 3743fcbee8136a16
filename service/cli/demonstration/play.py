"""Playing the day: every telling signed as its sender signs, and posted; several at a time, as a day comes in."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

import httpx

from sandbox.day import signing
from sandbox.day.day import Day
from sandbox.day.tellings import Telling

AT_ONCE: Final = 12
TRIES: Final = 20


class Publisher(Protocol):
    """An upstream system that writes canonical events to Kafka itself."""

    async def publish(self, connection: str, event: bytes) -> None:
        """Write one record to `ledgerhook.events`, its key the connection."""
        ...


@dataclass(slots=True)
class Played:
    """What was answered, by HTTP status; and tellings that nobody took."""

    statuses: Counter[int] = field(default_factory=Counter)
    published: int = 0
    lost: list[str] = field(default_factory=list)


async def play(
    day: Day, public_url: str | list[str], publisher: Publisher | None, played: Played, told: Callable[[], None]
) -> None:
    """Send everything in the day's order, `AT_ONCE` at a time; a 503 is sent again, as senders do."""
    urls = [public_url] if isinstance(public_url, str) else public_url
    sources = {source.name: source for source in day.sources}
    slots = asyncio.Semaphore(AT_ONCE)
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(timeout=10, limits=limits) as http, asyncio.TaskGroup() as group:

        async def tell(telling: Telling, url: str) -> None:
            try:
                source = sources[telling.source]
                if telling.kind == "kafka" and publisher is not None:
                    await publisher.publish(source.connection, telling.body)
                    played.published += 1
                else:
                    await _post(http, url, telling, played, lambda: signing.headers(telling, source, datetime.now(UTC)))
                told()
            finally:
                slots.release()

        for index, telling in enumerate(day.deliveries):
            await slots.acquire()
            group.create_task(tell(telling, urls[index % len(urls)]))


async def _post(
    http: httpx.AsyncClient, url: str, telling: Telling, played: Played, sign: Callable[[], dict[str, str]]
) -> None:
    for attempt in range(TRIES):
        try:
            answer = await http.post(f"{url}/webhooks/{telling.source}", content=telling.body, headers=sign())
        except httpx.TransportError:
            answer = None
        if answer is not None:
            played.statuses[answer.status_code] += 1
            if answer.status_code < 500:
                return
        await asyncio.sleep(min(0.2 * 2**attempt, 3.0))
    played.lost.append(telling.note or telling.source)
