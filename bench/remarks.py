"""What the profiles say about each figure, in words; `docs/performance.md` puts them beside the numbers."""

from typing import Final

_INTAKE: Final = (
    "The profile of a delivery, by the web process's CPU: reading the body and translating it about a "
    "quarter, of which "
    "exact JSON (no float, no key twice) is a third; {store}; the log line a tenth; sealing, the signature and the "
    "delivery's own bookkeeping a tenth together; the rest is the HTTP server, which the ceiling pays too. No single "
    "part is out of line any more: what is left is the number of steps, each cold in the processor's cache between two "
    "deliveries."
)
_KAFKA: Final = _INTAKE.format(store="handing it to Kafka's client and the client's own sending a fifth")
_EMBEDDED: Final = _INTAKE.format(
    store="the trail's writer thread about half of everything: one statement a table, of which SQLite itself "
    "takes half, "
    "the commit a sixth and laying out the rows a third"
)

REMARKS: Final[dict[str, str]] = {
    "intake.embedded.cpu": _EMBEDDED,
    "intake.embedded.rate": "Follows from the CPU above: one process, one core.",
    "intake.embedded.p99": "A delivery waits for the commit under way and for its own, where the "
    "ceiling waits for nothing; "
    ""
    "and the writer thread holds the interpreter while it lays out its rows.",
    "intake.kafka.cpu": _KAFKA,
    "intake.kafka.rate": "Follows from the CPU above; the broker and the load generator share the cores.",
    "intake.kafka.p99": "A delivery waits for the broker's acknowledgement, where the ceiling waits for nothing.",
    "inbox.postgresql": "The ceiling reads record batches in compiled code and looks into none. Of the inbox's time, "
    "PostgreSQL's own is more than half (the sealed bodies, which it keeps outside their rows, and the indexes of "
    "`events`), laying out rows a fifth, decoding a fifth; decoding and storing do not overlap yet.",
    "posting.rate": "The worker's CPU bounds it: some twenty statements a document in five "
    "transactions are two thirds, "
    ""
    "the HTTP client a sixth. Slots are held from intending to the answer only.",
    "replay.rate": "Opening and translating costs more than decoding a record that is an event "
    "already; storing what is "
    ""
    "known costs nearly what storing something new does, because every row is offered to the unique index first.",
}
"""By a figure's key: why, where its goal is not met."""
