"""Parking: an event waits for a person, in the open."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from schemas.plans import Park
from service.trail import outbox
from service.trail.fact_tables import events, work


def park(c: Connection, event_seq: int, why: Park, now: datetime, *, awaits: str | None = None) -> None:
    """Park the event's work, and tell. With `awaits`, the arrival of that key makes it due again by itself."""
    c.execute(
        update(work)
        .where(work.c.event_seq == event_seq)
        .values(
            state="parked",
            due_at=None,
            awaits=awaits,
            seen=0,
            deadline=None,
            cause=why.cause.value,
            subject=why.subject,
            fingerprint=why.fingerprint,
            detail=why.detail,
            cure=why.cure,
            reason=None,
            updated_at=now,
        )
    )
    event = c.execute(
        select(events.c.connection, events.c.namespace, events.c.key).where(events.c.seq == event_seq)
    ).one()
    data = {
        "namespace": event.namespace,
        "event": event.key,
        "cause": why.cause.value,
        "subject": why.subject,
        "detail": why.detail,
        "cure": why.cure,
    }
    subject = f"{event.namespace}/{event.key}"
    outbox.tell(c, outbox.DOCUMENTS, "document.parked", event.connection, subject=subject, at=now, data=data)
