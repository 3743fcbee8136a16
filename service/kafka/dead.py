"""Dead letters: a record that is no valid event goes to its own topic before the position moves past it."""

from collections.abc import Sequence
from typing import Final

from consumers.inbox import Record
from service.kafka.sender import KafkaSender, Message
from service.logs import warn
from service.metrics import Metrics

_MAX_VALUE: Final = 4 * 1024 * 1024


class DeadLetters:
    """Writes each record once in the life of a process; after a crash perhaps again, with the same headers."""

    def __init__(self, sender: KafkaSender, topic: str, metrics: Metrics) -> None:
        """`topic` is where they go."""
        self._sender = sender
        self._topic = topic
        self._metrics = metrics
        self._written: dict[tuple[str, int], int] = {}

    async def bury(self, dead: Sequence[tuple[Record, str]]) -> None:
        """Returns when all are acknowledged.

        Raises:
            KafkaError, TimeoutError, OSError: they are not, and nothing may move past them.
        """
        new = [(record, reason) for record, reason in dead if not self._is_written(record)]
        if not new:
            return
        await self._sender.send([self._message(record, reason) for record, reason in new])
        for record, reason in new:
            self._written[record.topic, record.partition] = record.offset
            self._metrics.dead.inc()
            warn("inbox.dead", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason)

    def _is_written(self, record: Record) -> bool:
        return record.offset <= self._written.get((record.topic, record.partition), -1)

    def _message(self, record: Record, reason: str) -> Message:
        value = record.value if record.value is not None and len(record.value) <= _MAX_VALUE else b""
        return Message(
            self._topic,
            record.key,
            value,
            (
                ("reason", reason.encode()),
                ("original-topic", record.topic.encode()),
                ("original-partition", str(record.partition).encode()),
                ("original-offset", str(record.offset).encode()),
                *((name, text) for name, text in record.headers if name == "content-type"),
            ),
        )
