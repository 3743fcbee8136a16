"""Where an outcome moves a write: compare-and-set on the revision and attempt that it answers."""

from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, Row, bindparam, func, select, update

from schemas.outcomes import Outcome, Rejected, Unknown, Written
from schemas.writes import StoredWrite, WriteState
from service.trail import write_rows
from service.trail.fact_tables import outcomes, writes
from service.trail.intending import PROVEN

_FINAL: Final = tuple(state.value for state in PROVEN)
_STANDS: Final = (
    writes.c.seq == bindparam("of_seq", type_=BigInteger()),
    writes.c.revision == bindparam("of_revision", type_=Integer()),
    writes.c.attempt == bindparam("of_attempt", type_=Integer()),
)


def move(
    c: Connection,
    write: StoredWrite,
    outcome: Outcome,
    *,
    state: WriteState,
    next_at: datetime | None,
    now: datetime,
) -> Row[*tuple[Any, ...]] | None:
    """Move it; None where it does not stand there any more."""
    values = {**_standing(outcome, state, next_at, now=now), **_ended(c, write, outcome)}
    row: Row[*tuple[Any, ...]] | None = c.execute(
        _move(_final(write, state)), {**_stands(write), **values}
    ).one_or_none()
    return row


def take_back(c: Connection, write: StoredWrite, moved: StoredWrite, taken: str) -> StoredWrite:
    """A proof of this very transaction is none after all: the document's id belongs to the key `taken` already."""
    values = {"state": WriteState.IN_DOUBT.value, "last": f"{moved.last}; but that id belongs to {taken}"}
    back = update(writes).where(*_STANDS).values(**values, rutter_id=write.rutter_id, proven_at=None)
    return write_rows.stored(c.execute(back.returning(writes), _stands(moved)).one())


def _stands(write: StoredWrite) -> dict[str, Any]:
    return {"of_seq": write.seq, "of_revision": write.revision, "of_attempt": write.attempt}


def _final(write: StoredWrite, state: WriteState) -> tuple[str, ...]:
    """A proof is not taken back; but what was written different may since have been put right in the books."""
    put_right = write.state is WriteState.DIFFERENT and state is WriteState.WRITTEN
    return (WriteState.WRITTEN.value,) if put_right else _FINAL


@cache
def _move(final: tuple[str, ...]) -> Any:  # noqa: ANN401 (an UPDATE with RETURNING)
    return update(writes).where(*_STANDS, writes.c.state.not_in(final)).returning(writes)


def _standing(outcome: Outcome, state: WriteState, next_at: datetime | None, *, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state.value, "next_at": next_at, "last": write_rows.in_words(outcome)}
    if isinstance(outcome, Rejected):
        values["key_spent"] = outcome.accepted
    if isinstance(outcome, Written | Rejected | Unknown) and outcome.job_id is not None:
        values["job_id"] = outcome.job_id
    if state in PROVEN and isinstance(outcome, Written):
        values |= {"rutter_id": outcome.rutter_id, "proven_at": now}
    return values


def _ended(c: Connection, write: StoredWrite, outcome: Outcome) -> dict[str, Any]:
    """When it was first known that the job had ended without success: the attempt was under way until then.

    Only a sync that began later can prove that the books do not have the document.
    """
    if not isinstance(outcome, Unknown) or not outcome.job_failed:
        return {}
    first = select(func.min(outcomes.c.at)).where(
        outcomes.c.write_seq == write.seq,
        outcomes.c.revision == write.revision,
        outcomes.c.outcome.contains('"job_failed":true'),
    )
    return {"answer_by": c.execute(first).scalar()}
