"""The steps that can come next for a write. A closed union: each is matched where it is taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schemas.connections import ConnectionState
from schemas.money import Money
from schemas.plans import Park
from schemas.writes import WriteState


class Evidence(StrEnum):
    """Why the books are looked into: what their silence will mean."""

    NO_ANSWER = "no answer"
    """No request was answered, and no job is known."""
    JOB_FAILED = "job failed"
    """The job ended without success, ambiguously."""
    RELEASED = "released"
    """As NO_ANSWER, and a person has released it since: where the books do not show it, it is sent once more."""
    KEY_CONFLICT = "key conflict"
    """Another body is stored under our key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """In the books: `state` is WRITTEN, or DIFFERENT with the `difference` in words."""

    rutter_id: str | None
    total: Money | None
    state: WriteState
    difference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgain:
    """The same bytes under the same key."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskJob:
    """What became of the job that carries the write."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookInBooks:
    """Look for the document; `evidence` goes to `after_look` with what is seen."""

    at: datetime
    reason: str
    evidence: Evidence = Evidence.NO_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSyncThenLook:
    """Ask Rutter to bring its copy up to date now, and look at `look_at`: only then can absence be proved."""

    at: datetime
    look_at: datetime
    reason: str
    evidence: Evidence

    @property
    def look(self) -> LookInBooks:
        """The look that follows."""
        return LookInBooks(at=self.look_at, reason=self.reason, evidence=self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowRevision:
    """The old key failed and the books do not have it: the same body under the next revision's key."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForConnection:
    """Nothing was tried; the write stays as it is (`state`), and everything on its connection waits."""

    reason: str
    until: datetime
    connection_state: ConnectionState | None
    state: WriteState


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Definitely not written. `key_spent`: the cure goes under the next revision, else under the same key."""

    park: Park
    key_spent: bool
    said: str = ""
    """The platform's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson:
    """Evidence has run out."""

    park: Park


Waiting = SendAgain | AskJob | LookInBooks | AskSyncThenLook | GrowRevision
"""Steps that are taken at a time (`at`)."""

Step = Done | Waiting | WaitForConnection | Refuse | AskPerson
