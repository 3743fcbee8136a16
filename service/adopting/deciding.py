"""What a person says of a doubtful pair: it is the same, or it is not."""

from datetime import datetime

from sqlalchemy import Connection

from schemas.documents import DocumentKind
from schemas.plans import Cause, Park
from service.adopting.pairs import adoption_kept
from service.trail import adopting, doubts, parking
from service.trail.adopting import Adoption
from service.trail.doubts import Doubt
from service.trail.waking import make_due


def link(c: Connection, doubt: Doubt, now: datetime) -> str | None:
    """They are the same: link them; or why that cannot be, any more."""
    made = adoption_kept(doubt)
    refused = adopting.adopt(c, made, now)
    if refused is None:
        note_payments(c, made, doubt.pair["link"]["open_minor"], now)
    return refused


def dismiss(c: Connection, doubt: Doubt, now: datetime) -> None:
    """They are two: the event is posted, once no other document may be it."""
    if doubts.dismiss(c, doubt, now) and adopting.still_waits(c, [doubt.event_seq]):
        make_due(c, [doubt.event_seq], now)


def set_aside(c: Connection, found: list[Doubt], now: datetime) -> None:
    """Keep the doubtful pairs of one event; it waits for a person."""
    first = found[0]
    if not adopting.still_waits(c, [first.event_seq]):
        return
    doubts.forget(c, first.connection, first.namespace, first.key)
    doubts.put(c, found)
    likely = "; ".join(f"{one.rutter_id} ({', '.join(one.pair['why'])})" for one in found)
    why = Park(
        cause=Cause.PERHAPS_THERE,
        subject="",
        detail=f"{first.key} may be in the books already: {likely}",
        cure="look at both, then link or dismiss them, in the console under Adopting; released, it is posted as well",
    )
    parking.park(c, first.event_seq, why, now)


def note_payments(c: Connection, made: Adoption, open_minor: int | None, now: datetime) -> None:
    """Where an adopted invoice is paid by more than documents of ours, later payments must know."""
    if made.kind != DocumentKind.INVOICE.value or open_minor is None:
        return
    ours = adopting.taken_off(c, made.connection, made.namespace, made.key)
    if open_minor < made.total.minor - ours:
        adopting.see(c, made, open_minor, now)
