"""Sending what must be in Kafka before anything goes on: dead records and the outbox, in order, acknowledged by all."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import KafkaError

from service.kafka.clients import Producer, end_producer, start_producer
from service.kafka.settings import KafkaSettings

_SEND_SECONDS: Final = 5.0
"""An idempotent producer would wait for a dead broker for ever."""

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One record to send."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers = ()


class KafkaSender:
    """A producer that is started when first needed, and anew after any failure."""

    def __init__(self, settings: KafkaSettings) -> None:
        """Nothing is connected yet."""
        self._settings = settings
        self._producer: Producer | None = None

    async def send(self, messages: Sequence[Message]) -> None:
        """All of them are acknowledged when this returns; after a failure some may be, and all are to be sent again.

        Raises:
            KafkaError, TimeoutError, OSError: they are not all there.
        """
        if self._producer is None:
            self._producer = await start_producer(self._settings)
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                await self._send(self._producer, messages)
        except (KafkaError, TimeoutError, OSError):
            await self.close()
            raise

    async def _send(self, producer: Producer, messages: Sequence[Message]) -> None:
        sent = [
            await producer.send(message.topic, message.value, key=message.key, headers=list(message.headers))
            for message in messages
        ]
        await asyncio.gather(*sent)

    async def close(self) -> None:
        """End the producer, if one runs."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await end_producer(producer)
