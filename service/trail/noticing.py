"""What was noticed is kept on the link, which later plans are made from, and as a notice; and it is told to others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, insert, select, update

from consumers.noticing import Difference, Moved, Noticed, What
from schemas.books import Seen
from schemas.documents import DocumentKind
from service.trail import outbox
from service.trail.fact_tables import links
from service.trail.key_locks import lock_keys
from service.trail.noticing_tables import notices
from service.trail.ours import Known
from service.trail.waking import wake

CHANGED: Final = "document.changed"


def record(c: Connection, known: Known, verdict: Moved | Noticed, now: datetime) -> bool:
    """Keep it; whether it still fits: another id may have been linked meanwhile."""
    lock_keys(c, known.connection, known.namespace, {known.key})
    if not _see(c, known, verdict.seen):
        return False
    if isinstance(verdict, Noticed):
        _notice(c, known, verdict, verdict.seen, now)
        wake(c, {(known.connection, known.namespace, known.key)}, now)
    return True


def follow(c: Connection, known: Sequence[Known], rutter_id: str, what: What, now: datetime) -> bool:
    """These are known under another id from now on; False where that is somebody else's.

    What waited for the document goes on, with the new id.
    """
    first = known[0]
    if first.ours.kind is not DocumentKind.CUSTOMER and _is_taken(c, first, rutter_id):
        return False
    for one in known:
        lock_keys(c, one.connection, one.namespace, {one.key})
        # Two customers that we made may be one from now on, made under the other key: found, not written.
        how = {"how": "found"} if one.ours.kind is DocumentKind.CUSTOMER else {}
        c.execute(update(links).where(_stands(one)).values(rutter_id=rutter_id, **how, **_columns(None, None)))
        told = (Difference("id", one.rutter_id, rutter_id),)
        _notice(c, one, Noticed(what=what, differences=told, seen=None, by_hand=one.ours.by_hand), None, now)
        wake(c, {(one.connection, one.namespace, one.key)}, now)
    return True


def _see(c: Connection, known: Known, seen: Seen | None) -> bool:
    changed = c.execute(
        update(links).where(_stands(known)).values(**_columns(seen, known.currency)).returning(links.c.key)
    )
    return changed.first() is not None


def _is_taken(c: Connection, known: Known, rutter_id: str) -> bool:
    theirs = and_(
        links.c.connection == known.connection,
        links.c.kind == known.ours.kind.value,
        links.c.rutter_id == rutter_id,
    )
    return c.execute(select(links.c.key).where(theirs)).first() is not None


def _notice(c: Connection, known: Known, noticed: Noticed, seen: Seen | None, now: datetime) -> None:
    differences = [(one.field, one.ours, one.books) for one in noticed.differences]
    c.execute(
        insert(notices).values(
            connection=known.connection,
            namespace=known.namespace,
            key=known.key,
            kind=known.ours.kind.value,
            rutter_id=known.rutter_id,
            what=noticed.what.value,
            differences=orjson.dumps(differences).decode(),
            by_hand_minor=noticed.by_hand,
            number=noticed.number,
            at=now,
        )
    )
    data = {
        "namespace": known.namespace,
        "document": known.key,
        "kind": known.ours.kind.value,
        "rutter_id": known.rutter_id,
        "what": noticed.what.value,
        "differences": [{"what": field, "ours": ours, "books": books} for field, ours, books in differences],
        "seen": None if seen is None else _told(seen),
    }
    subject = f"{known.namespace}/{known.key}"
    outbox.tell(c, outbox.DOCUMENTS, CHANGED, known.connection, subject=subject, at=now, data=data)


def _told(seen: Seen) -> Mapping[str, Any]:
    return {
        "status": seen.status,
        "minor": None if seen.total is None else seen.total.minor,
        "open_minor": seen.open_minor,
        "currency": None if seen.total is None else seen.total.currency,
    }


def _columns(seen: Seen | None, currency: str | None) -> dict[str, Any]:
    """What the link shows: amounts in the currency that it was written in, none where the books have another now."""
    total = None if seen is None else seen.total
    same = total is not None and total.currency == currency
    return {
        "seen_status": None if seen is None else seen.status,
        "seen_total_minor": total.minor if same and total is not None else None,
        "seen_open_minor": seen.open_minor if same and seen is not None else None,
        "seen_at": None if seen is None else seen.at,
    }


def _stands(known: Known) -> Any:  # noqa: ANN401 (a condition)
    return and_(
        links.c.connection == known.connection,
        links.c.namespace == known.namespace,
        links.c.key == known.key,
        links.c.rutter_id == known.rutter_id,
    )
