"""The day: what is told, in which order, and what must come of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sandbox.day.documents import Documents
from sandbox.day.facts import Facts
from sandbox.day.needs import ConnectionNeed, LateMapping, SourceNeed
from sandbox.day.tellings import Telling

ParkCause = Literal["unmapped_item", "unreadable"]


@dataclass(frozen=True)
class Parked:
    """What must wait for a person. `subject` is `order:…` or, when unreadable, the telling's note."""

    connection: str
    source: str
    subject: str
    cause: ParkCause


@dataclass(frozen=True)
class Day:
    """`expected` holds once `late_mappings` are made and what waited for them is released."""

    seed: int
    now: datetime
    connections: tuple[ConnectionNeed, ...]
    sources: tuple[SourceNeed, ...]
    facts: Facts
    deliveries: tuple[Telling, ...]
    expected: Documents
    expected_parked: tuple[Parked, ...]
    late_mappings: tuple[LateMapping, ...]
    released: tuple[str, ...]
    """Markers of the documents that exist only after the release."""
