"""How the facts reach us: one telling is one HTTP request or one Kafka record, before it is signed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

TellingKind = Literal["stripe", "shopify", "cloudevents", "kafka"]

Expect = Literal[
    "accepted",  # tells a fact for the first time
    "retold",  # tells, in another webhook, a fact that has been told
    "duplicate",  # the same delivery once more
    "ignored",  # authentic, and no fact of ours
    "rejected",  # a signature that is not the sender's
    "unreadable",  # authentic, should be a fact, and a field cannot be read
    "parked",  # tells an order that must wait for a person
    "held",  # tells what waits for such an order
]


@dataclass(frozen=True)
class Telling:
    """One message of a source.

    `headers` are the unsigned ones; the signing ones come from `sandbox.day.signing`. A `kafka` telling
    is a record for the topic of canonical events, or, where there is no Kafka, a structured CloudEvent
    to be posted to its source. `at` is when the source had it to say. `facts` names what it tells
    (`order:…`, `payment:…`, `refund:…`), `pays_back` the payments that a refund in it goes back through.
    """

    at: datetime
    source: str
    kind: TellingKind
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    note: str = ""
    expect: Expect = "accepted"
    facts: tuple[str, ...] = ()
    pays_back: tuple[str, ...] = ()
    forged: bool = False
