"""The trail as PostgreSQL has it, in plain SQL: what is said about it was not told by the program under test."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from tools.parts.postgres_databases import libpq_url

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WORK: Final = "SELECT state, count(*) FROM work WHERE (%s::text IS NULL OR connection = %s) GROUP BY state"
_OPEN: Final = (
    "SELECT count(*) FROM writes WHERE state IN ('sent', 'in_doubt') AND (%s::text IS NULL OR connection = %s)"
)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may write for a connection; the token grows with every new owner."""

    owner: str | None
    token: int


@dataclass(frozen=True, slots=True)
class Sent:
    """One write as it stands."""

    connection: str
    key: str
    idempotency_key: str
    revision: int
    attempt: int
    state: str
    sent_at: datetime
    rutter_id: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Events by the state of their work, and writes whose answer is not known."""

    due: int
    held: int
    parked: int
    done: int
    skipped: int
    open_writes: int

    @property
    def at_rest(self) -> bool:
        """Nothing moves by itself any more."""
        return self.due == 0 and self.open_writes == 0


class TrailLook:
    """A connection of its own, on which every statement is its own transaction."""

    def __init__(self, url: str) -> None:
        """`url`: libpq's or SQLAlchemy's."""
        self._connection = psycopg.connect(libpq_url(url), autocommit=True, row_factory=dict_row)

    def close(self) -> None:
        """End it."""
        self._connection.close()

    def lease(self, alias: str) -> Lease:
        """Who has the connection now."""
        row = self._one("SELECT lease_owner, lease_token FROM connections WHERE alias = %s", alias)
        return Lease(row["lease_owner"], row["lease_token"])

    def write(self, idempotency_key: str) -> Sent | None:
        """The write that is sent under this key now; None when it was given another key meanwhile."""
        rows = self._all("SELECT * FROM writes WHERE idempotency_key = %s AND sent_at IS NOT NULL", idempotency_key)
        return _sent(rows[0]) if rows else None

    def unanswered(self, alias: str) -> tuple[Sent, ...]:
        """Writes that were sent and have no answer, oldest first."""
        asked = "SELECT * FROM writes WHERE connection = %s AND state = 'sent' ORDER BY sent_at"
        return tuple(_sent(row) for row in self._all(asked, alias))

    def writes_under(self, alias: str, key: str) -> int:
        """How many writes are stored under a natural key."""
        return int(self._one("SELECT count(*) FROM writes WHERE connection = %s AND key = %s", alias, key)["count"])

    def standing(self, alias: str | None = None) -> Standing:
        """How far everything is, or everything of one connection."""
        counted = self._all(_WORK, alias, alias)
        rows = {row["state"]: row["count"] for row in counted}
        doubted = self._one(_OPEN, alias, alias)["count"]
        return Standing(
            **{name: rows.get(name, 0) for name in ("due", "held", "parked", "done", "skipped")}, open_writes=doubted
        )

    def positions(self, topic: str) -> dict[int, int]:
        """Up to where each partition is in the trail."""
        rows = self._all("SELECT partition, next_offset FROM positions WHERE topic = %s", topic)
        return {row["partition"]: row["next_offset"] for row in rows}

    def waiting_to_be_told(self) -> int:
        """Rows of the outbox that are not in Kafka yet."""
        return int(self._one("SELECT count(*) FROM outbox WHERE sent_at IS NULL")["count"])

    def documents(self) -> dict[str, int]:
        """Writes proven in the books, by kind."""
        rows = self._all("SELECT kind, count(*) FROM writes WHERE state = 'written' GROUP BY kind ORDER BY kind")
        return {row["kind"]: row["count"] for row in rows}

    def _all(self, statement: str, *values: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement.encode(), values).fetchall()

    def _one(self, statement: str, *values: object) -> dict[str, Any]:
        return self._all(statement, *values)[0]


def _sent(row: dict[str, Any]) -> Sent:
    return Sent(
        connection=row["connection"],
        key=row["key"],
        idempotency_key=row["idempotency_key"],
        revision=row["revision"],
        attempt=row["attempt"],
        state=row["state"],
        sent_at=_EPOCH + timedelta(microseconds=row["sent_at"]),
        rutter_id=row["rutter_id"],
    )
