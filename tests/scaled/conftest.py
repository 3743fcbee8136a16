"""Real parts of a test module's own: the topics have fixed names, so that each module has its own broker."""

import os
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tools.parts import report
from tools.parts.broker import Broker, kafka_protocol_broker


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """Apache Kafka wherever it can run, else the broker without Java."""
    if (lack := report.broker_lack()) is not None:
        if os.environ.get("CI"):
            pytest.fail(lack)
        pytest.skip(lack)
    with kafka_protocol_broker() as started:
        yield started


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield client
