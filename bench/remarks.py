"""What the profiles say about each figure, in words; `docs/performance.md` puts them beside the numbers."""

from typing import Final

_WEB: Final = (
    "By samples of the web process's CPU with Kafka: translation a sixth, JSON a tenth, the signature a fourteenth; "
    "Kafka's client and laying out the record a sixth; the log line and the counters a fifteenth; the time limits as "
    "much; sealing and bookkeeping a seventh; most of the rest is the HTTP protocol, which the ceiling pays too. "
    "No part is large: it is Python code, run once a delivery."
)

REMARKS: Final[dict[str, str]] = {
    "intake.embedded.cpu": "Verifying and translating are as with Kafka. The trail's writer thread comes on top: of a "
    "transaction with 64 deliveries, timed apart, SQLite's statements are four tenths, the commit a "
    "quarter, and laying "
    "out the rows the rest.",
    "intake.embedded.rate": "Bounded by the CPU above: one process, one interpreter lock.",
    "intake.embedded.p99": "A delivery waits for the commit under way and then for its own; the "
    "ceiling waits for nothing.",
    "intake.kafka.cpu": _WEB,
    "intake.kafka.rate": "Bounded by the CPU above; the broker and the load generator share the cores.",
    "intake.kafka.p99": "A delivery waits for the broker's acknowledgement; the ceiling waits for nothing.",
    "inbox.postgresql": (
        "The ceiling takes record batches apart in compiled code and looks into none. The next batch is read and "
        "decoded while one is being stored, so the interpreter lock bounds it: of the process's CPU three fifths are "
        "decoding, most of it the check of each event against its schema, and two fifths laying out rows; beside it "
        "PostgreSQL spends more than half as much again on the inserts, the sealed bodies first."
    ),
    "posting.rate": "Two thirds of the worker's CPU go into the trail's statements, some twelve a document in three "
    "transactions and a look at what is due; the rest is the HTTP client and planning. A slot is held while the write "
    "is stored, before it leaves. The worker, the database and the sandbox share the cores.",
    "replay.rate": (
        "Three fifths of the CPU are translating the delivery again, which costs several times what decoding a record "
        "that is an event already does; the rest is opening it, and offering every row to the unique index as a new "
        "one is. Reading ahead and recording beside it gain nothing: one interpreter lock."
    ),
}
"""By a figure's key: why, where its goal is not met."""
