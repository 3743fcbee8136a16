"""The outbox: what the trail tells others leaves for Kafka in the order it was written, and is marked once it is there.

A crash between the two sends a row again, with the same CloudEvents `source` and `id`: readers drop it by those.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol

from aiokafka.errors import MessageSizeTooLargeError

from service.kafka.sender import KafkaSender, Message
from service.kafka.settings import KafkaSettings
from service.logs import warn

_TOGETHER: Final = 200
_MUCH: Final = 1024 * 1024
"""Bytes that left at once: there may be more."""
_IDLE_SECONDS: Final = 0.5
_LONGEST_WAIT: Final = 10.0


class Outgoing(Protocol):
    """A row of the outbox. `key` is the connection's alias."""

    @property
    def seq(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> bytes: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


class OutboxTrail(Protocol):
    """The trail as the outbox uses it."""

    async def unsent(self, limit: int) -> Sequence[Outgoing]:
        """The oldest rows that were not sent; fewer than `limit` where they are large."""
        ...

    async def sent(self, seqs: Sequence[int]) -> None:
        """These have left and were acknowledged."""
        ...


async def _always() -> bool:
    return True


class Outbox:
    """Run `run` as a task, in one process at a time: `my_turn` (a lease) tells whether it is this one."""

    def __init__(
        self,
        trail: OutboxTrail,
        settings: KafkaSettings,
        *,
        my_turn: Callable[[], Awaitable[bool]] = _always,
        topics: Mapping[str, str] | None = None,
    ) -> None:
        """`topics`: other names for the topics the trail writes."""
        self._trail = trail
        self._sender = KafkaSender(settings)
        self._my_turn = my_turn
        self._topics = dict(topics or {})
        self._more = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There may be rows: look now."""
        self._more.set()

    def stop(self) -> None:
        """End `run` after the rows in hand."""
        self._stopping = True
        self._more.set()

    async def run(self) -> None:
        """Send until stopped."""
        wait = _IDLE_SECONDS
        try:
            while not self._stopping:
                self._more.clear()
                try:
                    more = await self._my_turn() and await self.send_some()
                    wait = 0.0 if more else _IDLE_SECONDS
                except Exception as error:  # noqa: BLE001  # Kafka or the trail is away: the rows wait
                    wait = min(max(wait, _IDLE_SECONDS) * 2, _LONGEST_WAIT)
                    warn("outbox.trouble", error=type(error).__name__, again_in_seconds=wait)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._more.wait(), wait)
        finally:
            await self._sender.close()

    async def send_some(self) -> bool:
        """Send the oldest rows and mark them; answers whether there may be more.

        Raises:
            KafkaError, TimeoutError, OSError: not sent.
            Exception: whatever the trail raises.
        """
        rows = await self._trail.unsent(_TOGETHER)
        if not rows:
            return False
        try:
            await self._sender.send([self._message(row) for row in rows])
        except MessageSizeTooLargeError:
            await self._send_each(rows)
        else:
            await self._trail.sent([row.seq for row in rows])
        return len(rows) == _TOGETHER or sum(_size(row) for row in rows) >= _MUCH

    async def _send_each(self, rows: Sequence[Outgoing]) -> None:
        """One by one: what the topic does not take, however often it is sent, is left out and the next ones leave."""
        for row in rows:
            try:
                await self._sender.send([self._message(row)])
            except MessageSizeTooLargeError:
                warn(
                    "outbox.trouble",
                    error="larger than the topic's max.message.bytes; left out",
                    topic=self._topics.get(row.topic, row.topic),
                    bytes=_size(row),
                )
            await self._trail.sent([row.seq])

    def _message(self, row: Outgoing) -> Message:
        return Message(self._topics.get(row.topic, row.topic), row.key.encode(), row.value, tuple(row.headers))


def _size(row: Outgoing) -> int:
    return len(row.value) + sum(len(value) for _, value in row.headers)
