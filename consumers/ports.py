"""What the consumers need from the world, declared where it is used. Adapters in service/ fit by shape.

Times are aware datetimes in UTC. Every method of the trail is one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from schemas.books import Books, Entry, References
from schemas.connections import Connection, ConnectionState
from schemas.deliveries import BooksChanged, ConnectionMoved, ListChanged
from schemas.documents import Write
from schemas.events import Event
from schemas.money import Money
from schemas.outcomes import Outcome
from schemas.plans import Park
from schemas.writes import StoredWrite, WriteState


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to intend writes for a connection until `until`, on the database clock. `token` grows."""

    connection: str
    owner: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEvent:
    """An event whose work is due. `version` grows when a later telling changes the event."""

    seq: int
    version: int
    event: Event
    attempts: int
    due_at: datetime
    """As it was read: whoever makes the event due meanwhile changes it."""
    waits_from: datetime
    """When its first delivery came in, or when a person released it: holds count from here."""
    has_writes: bool = False
    """Whether writes of it are stored: an earlier attempt may have left one in doubt."""
    backfill: bool = False
    """Old when it was told, or replayed: what happens now goes before it."""


@dataclass(frozen=True, slots=True)
class Fenced:
    """The lease was taken over, or the row moved on: stop, change nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Another event's write must be proven first: hold on its key.

    None: the connection's first taxed document, in whatever namespace it is; try again a little later.
    """

    key: str | None


class WorkTrail(Protocol):
    """The trail as the posting loop uses it."""

    async def lease(self, connection: str, owner: str, seconds: float) -> Lease | None:
        """Take or renew the lease of a connection; None while another owner's is running."""
        ...

    async def give_up(self, lease: Lease) -> None:
        """Give a lease back, so that another worker need not wait for its end."""
        ...

    async def connections_with_work(self, owner: str) -> Sequence[str]:
        """Aliases, not leased by others, with work due now or writes to resolve now."""
        ...

    async def connection(self, alias: str) -> Connection | None:
        """The connection as configured now, its token opened."""
        ...

    async def due(self, alias: str, limit: int) -> Sequence[DueEvent]:
        """Events due now: live ones before backfill (which keeps a share), the oldest due of each first.

        One that cannot be read is parked, and the others go on.
        """
        ...

    async def next_due_at(self, alias: str) -> datetime | None:
        """When the next of this connection's work becomes due by itself."""
        ...

    async def read(self, alias: str, namespace: str, references: References, known: Connection | None = None) -> Books:
        """One snapshot of everything referred to; `known`: the connection, where it need not be read again."""
        ...

    async def intend(
        self, lease: Lease, due: DueEvent, write: Write, body: bytes, answer_by: datetime | None = None
    ) -> StoredWrite | Waits | Fenced:
        """Store the write unless one is stored under its key; answer the stored one. First stored write wins.

        With `answer_by`, a write stored just now is also started (as `start_attempt` does) in the same transaction.

        Waits: the stored one is another event's and unproven, or it is taxed and the
        connection's first taxed document is not proven yet.
        Fenced: lease lost, or the event changed since it was planned.
        """
        ...

    async def refreeze(
        self, lease: Lease, write: StoredWrite, body: bytes, write_as_planned: Write, *, grow: bool
    ) -> StoredWrite | Fenced:
        """Replace the body of a REFUSED write: under the next revision (`grow`: key spent) or the same one."""
        ...

    async def start_attempt(self, lease: Lease, write: StoredWrite, answer_by: datetime) -> StoredWrite | Fenced:
        """Note `sent_at` and the deadline before anything leaves; compare-and-set on (revision, attempt)."""
        ...

    async def grow_revision(self, lease: Lease, write: StoredWrite) -> StoredWrite | Fenced:
        """Same body, next revision and key: only on evidence that the old one failed and is not in the books."""
        ...

    async def record(
        self, write: StoredWrite, outcome: Outcome, *, state: WriteState, next_at: datetime | None
    ) -> StoredWrite:
        """Append the outcome as evidence (always, fenced or not) and move the write if (revision, attempt) still stand.

        A proven write (WRITTEN, DIFFERENT) gets its link, its applied amounts, an outbox entry, and wakes every hold
        and park on its key and on `payments:{order}` of the orders it applies to. One Rutter id belongs to one natural
        key: a second claim is recorded IN_DOUBT instead.
        """
        ...

    async def record_last(
        self, lease: Lease, due: DueEvent, write: StoredWrite, outcome: Outcome
    ) -> tuple[StoredWrite, bool]:
        """As `record` with WRITTEN, for the last write of a plan: its event is done in the same transaction.

        The second part tells whether it is. False: the write stands otherwise, or the plan was overtaken, or something
        else is changing what it stands on; `done` then finds out which.
        """
        ...

    async def link_found(self, lease: Lease, namespace: str, key: str, entry: Entry) -> None:
        """Link a natural key (a customer, an item) to what was found in the books, without a write."""
        ...

    async def open_writes(self, alias: str, limit: int) -> Sequence[StoredWrite]:
        """SENT or IN_DOUBT writes whose next step is due now (a restart finds what a crash left)."""
        ...

    async def writes_of(self, event_seq: int) -> Sequence[StoredWrite]:
        """The stored writes of one event, in the order they were intended."""
        ...

    async def done(self, lease: Lease, due: DueEvent) -> None:
        """All its documents are in the books."""
        ...

    async def skip(self, lease: Lease, due: DueEvent, reason: str) -> None:
        """Nothing is to be in the books for it."""
        ...

    async def hold(
        self, lease: Lease, due: DueEvent, *, awaits: str, seen: int, reason: str, deadline: datetime
    ) -> None:
        """Wait for `awaits`. Locks the key and becomes due at once if it arrived meanwhile.

        `seen`: how many amounts the plan saw applied, when `awaits` is `payments:{order}`; ignored for document keys.
        """
        ...

    async def later(self, lease: Lease, due: DueEvent, at: datetime, reason: str) -> None:
        """Due again at a time: a retry, or a connection that cannot be reached now.

        At once, where something made the event due since it was read: its job ended, say.
        """
        ...

    async def park(self, lease: Lease, due: DueEvent, park: Park, awaits: str | None = None) -> None:
        """Wait for a person; an outbox entry tells."""
        ...

    async def learn_closed(self, alias: str, through: date) -> None:
        """A refusal taught that the books are closed through that day at least."""
        ...

    async def move_connection(self, alias: str, state: ConnectionState, reason: str | None) -> None:
        """The connection's state changed (also told in the outbox)."""
        ...

    async def sweep(self) -> int:
        """Make due every hold whose key arrived, park those past their deadline; answer how many wakes were missed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """Exactly one document in the books fits the look."""

    rutter_id: str | None
    total: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThere:
    """None fits. `proves` = that type is in the sync configuration and a sync of it began and ended since `sent_at`."""

    proves: bool


@dataclass(frozen=True, slots=True)
class Several:
    """More than one fits: a person decides."""

    ids: tuple[str, ...]


Sighting = There | NotThere | Several


class Rutter(Protocol):
    """Rutter as the posting loop uses it. Every reply is an Outcome; nothing raises for what the remote does."""

    async def post(self, connection: Connection, write: StoredWrite, timeout_seconds: float) -> Outcome:
        """Send the stored body under the stored key."""
        ...

    async def job(self, connection: Connection, write: StoredWrite) -> Outcome:
        """What became of `write.job_id`."""
        ...

    async def look(self, connection: Connection, write: StoredWrite, since: datetime) -> Sighting | Outcome:
        """Look for the document in the books (Rutter's copy); an Outcome (Deferred, Unknown) when it could not look."""
        ...

    async def ask_sync(self, connection: Connection, write: StoredWrite) -> None:
        """Ask Rutter for an incremental sync of the write's object type, so that a later look can prove absence."""
        ...


class Lists(Protocol):
    """Keeps our copy of the merchant's customers, items and accounts fresh."""

    async def refresh(self, connection: Connection, objects: frozenset[str], *, older_than: datetime) -> Outcome | None:
        """Bring the copies of these objects that were last refreshed before `older_than` up to date; None when done."""
        ...


class Quota(Protocol):
    """Our own bound on requests for a connection."""

    async def turn(self, connection: Connection) -> None:
        """Wait until one more request may leave."""
        ...

    async def spend(self, connection: Connection) -> datetime | None:
        """Count one write of the platform's day; or, where it is full, when it has room: then none may leave."""
        ...

    def behind(self) -> "Quota":
        """The same bound for backfill: its turns come after those of what happens now, and keep a share."""
        ...


class Clock(Protocol):
    """The one way to know the time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Callbacks(Protocol):
    """What Rutter's own webhooks move."""

    async def connection_moved(self, moved: ConnectionMoved) -> None:
        """Move the state of the connection with that Rutter id."""
        ...

    async def job_completed(self, job_id: str) -> None:
        """Make the write that waits for this job due now."""
        ...

    async def books_changed(self, told: BooksChanged) -> None:
        """Have a document of ours that changed in the books read again soon."""
        ...

    async def list_changed(self, told: ListChanged) -> None:
        """Believe our copy of that list no more before it is read again."""
        ...
