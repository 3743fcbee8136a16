"""What went past Kafka straight into the trail, put into the outbox so that `ledgerhook.events` has it all the same.

The inbox reads it back and finds that it is known. Once Kafka has it these rows are removed: the trail keeps the
delivery itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from consumers.intake import Accepted
from consumers.records import DELIVERY, outgoing_late
from service.trail.outbox import EVENTS, headers_text
from service.trail.tables import outbox


def relay(c: Connection, batch: Sequence[Accepted], new: Collection[str], now: datetime) -> None:
    """Add the records of those deliveries whose ids are `new`; the others came here from Kafka meanwhile."""
    rows = [
        {
            "topic": EVENTS,
            "key": accepted.connection,
            "value": record.value,
            "headers": headers_text({name: value.decode() for name, value in record.headers if name != DELIVERY}),
            "delivery": next(value for name, value in record.headers if name == DELIVERY),
            "at": now,
        }
        for accepted in batch
        if accepted.id in new
        for record in outgoing_late(accepted)
    ]
    if rows:
        c.execute(insert(outbox), rows)  # one after the other: their numbers are the order they are sent in
