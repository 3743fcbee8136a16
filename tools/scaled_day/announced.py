"""What others heard of the day: `document.posted` on `ledgerhook.documents`, read by a plain client."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Final

from tools.scaled_day.installation import Installation, NotAtRestError
from tools.scaled_day.upstream import DOCUMENTS, read_all

WITHIN: Final = 30.0


@dataclass(frozen=True, slots=True)
class Announced:
    """Documents told of, and how many records told what had been told: a killed process may leave a few."""

    posted: int
    repeated: int


async def announced(here: Installation) -> Announced:
    """Wait until the outbox is empty, then read the topic.

    Raises:
        NotAtRestError: the outbox does not become empty.
    """
    deadline = time.monotonic() + WITHIN
    while waiting := here.look.waiting_to_be_told():
        if time.monotonic() > deadline:
            raise NotAtRestError(f"after {WITHIN:.0f} s {waiting} rows of the outbox are not in Kafka")
        await asyncio.sleep(0.1)
    told = Counter[tuple[str, str]]()
    for value in await read_all(here.places.bootstrap, DOCUMENTS):
        event = json.loads(value)
        if event["type"] == "document.posted":
            told[event["source"], event["id"]] += 1
    return Announced(len(told), told.total() - len(told))
