"""Writes as rows: their looks, totals and applied amounts, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson
from sqlalchemy import Row

from schemas.documents import Applies, DocumentKind, Look, Ref, Write
from schemas.money import Money
from schemas.outcomes import Conflict, Deferred, Outcome, Rejected, Unknown, Written
from schemas.writes import StoredWrite, WriteState


def planned_columns(write: Write, body: bytes) -> dict[str, Any]:
    """The columns that follow from a planned write and its frozen body."""
    return {
        "body": body,
        "look": look_json(write.look),
        "total_minor": None if write.total is None else write.total.minor,
        "currency": None if write.total is None else write.total.currency,
        "applies": orjson.dumps([(one.order_id, one.document, one.minor) for one in write.applies]).decode(),
        "why": orjson.dumps(write.why).decode(),
        "taxed": write.taxed,
        "left_out_minor": None if write.left_out is None else write.left_out.minor,
    }


def stored(row: Row[*tuple[Any, ...]]) -> StoredWrite:
    """A row of `writes` as a value."""
    return StoredWrite(
        seq=row.seq,
        connection=row.connection,
        namespace=row.namespace,
        key=row.key,
        kind=DocumentKind(row.kind),
        event_seq=row.event_seq,
        body=bytes(row.body),
        look=look_of(row.look),
        total=money(row.total_minor, row.currency),
        idempotency_key=row.idempotency_key,
        revision=row.revision,
        attempt=row.attempt,
        state=WriteState(row.state),
        intended_at=row.intended_at,
        sent_at=row.sent_at,
        answer_by=row.answer_by,
        next_at=row.next_at,
        job_id=row.job_id,
        rutter_id=row.rutter_id,
        last=row.last,
        applies=tuple(Applies(*one) for one in orjson.loads(row.applies)),
        taxed=row.taxed,
        key_spent=row.key_spent,
    )


def money(minor: int | None, currency: str | None) -> Money | None:
    """Two columns as an amount."""
    return None if minor is None or currency is None else Money(minor, currency)


def look_json(look: Look) -> str:
    """A look as text; what is not given is left out."""
    given = {field.name: getattr(look, field.name) for field in fields(look)}
    return orjson.dumps({name: _plain(value) for name, value in given.items() if value is not None}).decode()


def look_of(text: str) -> Look:
    """The text as a look again."""
    given: dict[str, Any] = orjson.loads(text)
    return Look(**{name: _look_value(name, value) for name, value in given.items()})


def outcome_json(outcome: Outcome) -> str:
    """An outcome as text, its class under `outcome`: evidence, for people and for later reading."""
    given = {field.name: _plain(getattr(outcome, field.name)) for field in fields(outcome)}
    return orjson.dumps({"outcome": type(outcome).__name__, **given}).decode()


def in_words(outcome: Outcome) -> str:
    """One line for people."""
    match outcome:
        case Written():
            total = f", {outcome.total}" if outcome.total is not None else ""
            return f"written as {outcome.rutter_id or 'no id'}{total} ({outcome.how})"
        case Rejected():
            return f"refused, {outcome.status} {outcome.code}: {outcome.message}"
        case Deferred():
            return f"not tried: {outcome.reason.value}"
        case Unknown():
            return f"unknown: {outcome.reason}"
        case Conflict():
            return f"another body is stored under this key: {outcome.message}"


def _plain(value: object) -> object:
    match value:
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case Ref():
            return {"ref": value.key}
        case _:
            return value


def _look_value(name: str, value: str | Mapping[str, Any]) -> Any:  # noqa: ANN401 (of the type that the field has)
    if isinstance(value, str):
        return value
    return Money(value["minor"], value["currency"]) if name == "total" else Ref(value["ref"])
