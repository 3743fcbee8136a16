"""A stored write in any state, and steps in a few words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from consumers.resolving import (
    AskJob,
    AskPerson,
    AskSyncThenLook,
    Done,
    GrowRevision,
    LookInBooks,
    Refuse,
    SendAgain,
    Step,
    WaitForConnection,
)
from schemas.documents import DocumentKind, Look
from schemas.money import Money
from schemas.writes import StoredWrite, WriteState, idempotency_key

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MEANT = Money(3058, "USD")


def write(state: WriteState = WriteState.SENT, **changes: object) -> StoredWrite:
    """The invoice of order 1001, sent for the first time ten seconds ago, to be answered within 45 s."""
    sent = state is not WriteState.INTENDED
    stored = StoredWrite(
        seq=1,
        connection="acme",
        namespace="shop",
        key="invoice:1001",
        kind=DocumentKind.INVOICE,
        event_seq=7,
        body=b"{}",
        look=Look(document_number="1001"),
        total=MEANT,
        idempotency_key=idempotency_key("r", "shop", "invoice:1001", 0),
        revision=0,
        attempt=1 if sent else 0,
        state=state,
        intended_at=NOW - timedelta(seconds=10),
        sent_at=NOW - timedelta(seconds=10) if sent else None,
        answer_by=NOW + timedelta(seconds=35) if sent else None,
        next_at=None,
        job_id=None,
        rutter_id="inv-1" if state in (WriteState.WRITTEN, WriteState.DIFFERENT) else None,
        last="400 bad line" if state is WriteState.REFUSED else None,
    )
    return replace(stored, **changes)  # type: ignore[arg-type]  # fields of a stored write


def when(at: datetime, now: datetime = NOW) -> str:
    """`now`, or how long until then."""
    seconds = (at - now).total_seconds()
    if seconds == 0:
        return "now"
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"in {seconds / size:.0f} {unit}"
    return f"in {seconds:g} s"


def in_words(step: Step, now: datetime = NOW) -> str:
    """A step as the tables of these tests say it."""
    match step:
        case Done():
            return f"{step.state.value}" + (f": {step.difference}" if step.difference else "")
        case SendAgain():
            return f"send again {when(step.at, now)}"
        case AskJob():
            return f"ask the job {when(step.at, now)}"
        case LookInBooks():
            return f"look in the books {when(step.at, now)} ({step.evidence.value})"
        case AskSyncThenLook():
            return f"ask for a sync {when(step.at, now)}, look {when(step.look_at, now)}"
        case GrowRevision():
            return f"next revision {when(step.at, now)}"
        case WaitForConnection():
            moved = f", connection {step.connection_state.value}" if step.connection_state else ""
            return f"wait until {when(step.until, now)}{moved}, stays {step.state.value}"
        case Refuse():
            return f"refused, key {'spent' if step.key_spent else 'unspent'}: {step.park.subject}"
        case AskPerson():
            return f"ask a person: {step.park.cause.value}"
        case _:
            assert_never(step)
