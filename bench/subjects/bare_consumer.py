"""The ceiling of the inbox: a bare aiokafka loop that reads and commits, with the inbox's own consumer settings.

Arguments: bootstrap servers, topic, number of records.
"""

import asyncio
import sys
import time
import uuid

from bench.subjects.saying import say
from service.cli.starting import loop_factory
from service.kafka.clients import end_consumer, make_consumer
from service.kafka.session import MAX_BATCH
from service.kafka.settings import KafkaSettings


async def main(bootstrap: str, topic: str, count: int) -> None:
    """Read them all from the beginning; commit after every poll."""
    consumer = make_consumer(KafkaSettings(bootstrap=bootstrap), f"bench-{uuid.uuid4().hex}")
    consumer.subscribe([topic])
    await consumer.start()
    while not consumer.assignment():  # noqa: ASYNC110 - aiokafka tells nobody
        await asyncio.sleep(0.01)
    began = time.perf_counter()
    read = 0
    while read < count:
        polled = await consumer.getmany(timeout_ms=500, max_records=MAX_BATCH)
        read += sum(len(records) for records in polled.values())
        if polled:
            await consumer.commit()
    say(records=read, seconds=time.perf_counter() - began)
    await end_consumer(consumer)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
