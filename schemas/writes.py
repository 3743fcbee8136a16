"""The stored write: one intended document with its frozen body, its key, and how far it has come."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from schemas.documents import Applies, DocumentKind, Look
from schemas.money import Money


class WriteState(StrEnum):
    """How far a write has come. Everything between `sent` and the last three is in doubt until evidence says more."""

    INTENDED = "intended"
    """Stored; its current attempt was never sent, or was refused before acceptance."""
    SENT = "sent"
    """A request left, or may have; no answer is recorded yet."""
    IN_DOUBT = "in_doubt"
    """Answered ambiguously; waits for its job, or for a look in the books."""
    WRITTEN = "written"
    DIFFERENT = "different"
    """Written, and the books answered with another total: its dependants hold."""
    REFUSED = "refused"
    """Definitely not written, and waits for a cure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWrite:
    """A row of the trail. `body` is sent byte for byte; its key derives from what never changes and `revision`."""

    seq: int
    connection: str
    namespace: str
    key: str
    kind: DocumentKind
    event_seq: int
    body: bytes = field(repr=False)
    look: Look
    total: Money | None
    idempotency_key: str
    revision: int
    attempt: int
    state: WriteState
    intended_at: datetime
    sent_at: datetime | None
    """When the current attempt was about to leave; stored before sending."""
    answer_by: datetime | None
    """No re-send before this: the attempt's deadline; once its job has failed: when that was first known."""
    next_at: datetime | None
    job_id: str | None
    rutter_id: str | None
    last: str | None
    """The last outcome, in words, for people."""
    applies: tuple[Applies, ...] = ()
    """What this write takes off the open balances of invoices once written."""
    taxed: bool = False
    key_spent: bool = False
    """REFUSED after acceptance: Rutter replays that error under this key for ever; the cure takes the next revision."""

    @property
    def parent_id(self) -> str | None:
        """Rutter's id of the document that it belongs to; None where there is none, or none is known."""
        return self.look.parent if isinstance(self.look.parent, str) else None


def idempotency_key(rutter_connection_id: str, namespace: str, key: str, revision: int) -> str:
    """The Idempotency-Key of a write: a version 4 shaped UUID (what Rutter advises) that anyone can derive again.

    From Rutter's id of the connection, never from our alias: aliases are reused. The parts are length-prefixed, so that
    no two lists of parts run into each other.
    """
    parts = (rutter_connection_id, namespace, key, str(revision))
    digest = hashlib.sha256(b"".join(b"%d:%s" % (len(part.encode()), part.encode()) for part in parts)).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))
