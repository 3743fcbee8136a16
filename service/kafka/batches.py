"""Deliveries that come together travel together: one record batch of their partition, one acknowledgement for all.

What comes while a batch is on its way goes into the next one. aiokafka collects single records like that by itself, and
then answers each of them apart, which costs more than sending them.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from consumers.records import Outgoing
from service.kafka.clients import MAX_BATCH, Producer

_AROUND: Final = 128
"""Bytes, generously, of what goes around one record: lengths, the headers' names, offset and time."""


class Batch:
    """Deliveries that travel together. None is torn apart: a batch takes all of a delivery's records, or none."""

    def __init__(self, producer: Producer) -> None:
        """Empty, and going nowhere before `send`."""
        self._producer = producer
        self._builder = producer.create_batch()
        self._waiting: list[asyncio.Future[None]] = []
        self.landing: asyncio.Task[bool] | None = None
        """True when all replicas have it, false when it failed."""

    def takes(self, key: bytes, records: Sequence[Outgoing]) -> bool:
        """Put them in, if they fit and it has not left."""
        if self._builder.closed():
            return False
        size = sum(record.size + len(key) + _AROUND for record in records)
        alone = len(records) == 1 and not self._builder.record_count()  # a broker may take more than we would collect
        if not alone and self._builder.size() + size > MAX_BATCH:
            return False
        for record in records:
            if not self._builder.append(timestamp=None, key=key, value=record.value, headers=list(record.headers)):
                raise RuntimeError("a batch held less than it said")
        return True

    def send(self, topic: str, partition: int, before: "Batch | None") -> None:
        """At the event loop's next turn, or once the batch before it has landed, with what it has taken until then."""
        self.landing = asyncio.create_task(self._send(topic, partition, before.landing if before else None))

    async def acknowledged(self) -> None:
        """Wait until all replicas have it. Whoever stops waiting takes nobody along.

        Raises:
            Exception: whatever it failed with.
        """
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        await mine

    async def _send(self, topic: str, partition: int, before: asyncio.Task[bool] | None) -> bool:
        if before is not None:
            await asyncio.wait([before])
        # A record that joins a batch the producer has taken would upset its count: brokers refuse all that follows.
        self._builder.close()
        try:
            await (await self._producer.send_batch(self._builder, topic, partition=partition))
        except Exception as error:  # noqa: BLE001  # each delivery answers for itself
            for mine in self._waiting:
                if not mine.done():
                    mine.set_exception(error)
            return False
        for mine in self._waiting:
            if not mine.done():
                mine.set_result(None)
        return True
