"""The topics, and making them where nobody else does."""

from dataclasses import dataclass
from typing import Any, Final

from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from service.kafka.clients import MAX_REQUEST, make_admin
from service.kafka.settings import KafkaSettings

_NEW_TOPIC: Any = NewTopic


@dataclass(frozen=True, slots=True)
class Topics:
    """Their names; tests and several installations on one cluster take others."""

    events: str = "ledgerhook.events"
    dead: str = "ledgerhook.events.dead"
    documents: str = "ledgerhook.documents"
    connections: str = "ledgerhook.connections"

    def all(self) -> tuple[str, ...]:
        """In the order of design: in, dead, out."""
        return (self.events, self.dead, self.documents, self.connections)


TOPICS: Final = Topics()


async def ensure_topics(
    settings: KafkaSettings, topics: Topics = TOPICS, *, partitions: int = 12, replication: int = 1
) -> tuple[str, ...]:
    """Make the topics that are missing; answers which. Topics that exist are left as they are.

    With three replicas, two must have a record before it is acknowledged, and no replica that lacks records may lead.

    Raises:
        KafkaError: the brokers cannot be reached, or refuse.
    """
    common = {"max.message.bytes": str(MAX_REQUEST), "unclean.leader.election.enable": "false"}
    if replication >= 3:
        common["min.insync.replicas"] = "2"
    admin = make_admin(settings)
    made: list[str] = []
    try:
        await admin.start()
        for name in topics.all():
            count = partitions if name == topics.events else min(partitions, 3)
            answer = await admin.create_topics([_NEW_TOPIC(name, count, replication, topic_configs=common)])
            if _made(answer):
                made.append(name)
    finally:
        await admin.close()
    return tuple(made)


def _made(answer: Any) -> bool:  # noqa: ANN401  # aiokafka has no types
    for name, code, *message in answer.topic_errors:
        error = for_code(code)
        if error is TopicAlreadyExistsError:
            return False
        if code != 0:
            raise KafkaError(f"topic {name} was not made: {error.__name__} {message[0] if message else ''}".rstrip())
    return True
