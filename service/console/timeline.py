"""One story as one line of moments: what was delivered, told, intended, sent and answered, in the order it happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consumers.intake import Verdict
from service.console.wording import PLAIN, WAITS, amount, tone, words
from service.trail.stories import DeliverySeen, FactSeen, OutcomeSeen, Story, TellingSeen, WriteSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened. `facts`: (name, value) pairs beside it; `delivery`: what can be opened."""

    at: datetime
    rank: int
    what: str
    title: str
    tone: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    delivery: str | None = None


def timeline(story: Story) -> tuple[Moment, ...]:
    """All moments, oldest first; at the same time, causes before what they cause."""
    moments = [
        *(_delivered(one) for one in story.deliveries),
        *(_told(one) for one in story.facts),
        *(_told_again(one) for one in story.tellings if one.verdict != Verdict.NEW.value),
        *(moment for one in story.writes for moment in _written(one)),
    ]
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.rank)))


def _delivered(one: DeliverySeen) -> Moment:
    return Moment(
        at=one.received_at,
        rank=0,
        what="delivery",
        title=f"Delivered by {one.source}" if one.source else "Published to Kafka by an upstream system",
        tone=tone(one.status) if one.status != "told" else PLAIN,
        facts=(("status", one.status), ("delivery", one.id)),
        text=one.reason,
        delivery=one.id if one.kept else None,
    )


def _told(one: FactSeen) -> Moment:
    return Moment(
        at=one.received_at,
        rank=1,
        what="event",
        title=f"{one.type}{_money(one.minor, one.currency)}",
        tone=PLAIN,
        facts=_given(
            ("key", one.key), ("told by", one.source), ("customer", one.customer), ("version", str(one.version))
        ),
        text=f"its tellings conflict: {one.conflict}" if one.conflict else None,
    )


def _told_again(one: TellingSeen) -> Moment:
    return Moment(
        at=one.told_at,
        rank=2,
        what="telling",
        title=f"Told again: {one.verdict}",
        tone=tone(one.verdict) if one.verdict == "conflict" else PLAIN,
        facts=_given(("key", one.event_key), ("told by", one.source), ("delivery", one.delivery_id)),
        text=one.detail,
    )


def _written(one: WriteSeen) -> Iterator[Moment]:
    name = words(one.kind).capitalize()
    total = _money(one.total_minor, one.currency)
    planned = _given(("key", one.key), ("because of", one.event_key), ("number", one.number))
    why = "; ".join(one.why) or None
    sent = one.sent_at
    at_once = sent == one.intended_at
    if not at_once or sent is None:
        yield Moment(
            at=one.intended_at,
            rank=4,
            what="write",
            title=f"{name} intended{total}",
            tone=PLAIN,
            facts=planned,
            text=why,
        )
    if sent is not None:
        tried = (
            ("attempt", str(one.attempts)),
            ("revision", str(one.revision)),
            ("Idempotency-Key", one.idempotency_key),
        )
        yield Moment(
            at=sent,
            rank=5,
            what="sent",
            title=f"{name} sent to Rutter{total}",
            tone=PLAIN if one.outcomes else WAITS,
            facts=(*(planned if at_once else (("key", one.key),)), *tried),
            text=why if at_once else None,
        )
    for outcome in one.outcomes:
        yield _answered(one, outcome)


def _answered(one: WriteSeen, outcome: OutcomeSeen) -> Moment:
    what = outcome.what
    name = str(what.get("outcome", "outcome"))
    return Moment(
        at=outcome.at,
        rank=3,
        what="outcome",
        title=f"{words(one.kind).capitalize()}: {_in_words(name, what)}",
        tone=tone(name),
        facts=_given(
            ("key", one.key),
            ("Rutter id", what.get("rutter_id")),
            ("job", what.get("job_id")),
            ("attempt", f"{outcome.attempt} of revision {outcome.revision}"),
            ("by", outcome.lease_owner),
        ),
        text=what.get("message") or what.get("reason"),
    )


def _in_words(name: str, what: Mapping[str, Any]) -> str:
    match name:
        case "Written":
            total = what.get("total")
            said = f" with {amount(total['minor'], total['currency'])} {total['currency']}" if total else ""
            how = {"answered": "", "job": ", says its job", "found": ", found there"}.get(str(what.get("how")), "")
            return f"in the books{said}{how}"
        case "Rejected":
            return f"refused, {what.get('status')} {what.get('code')}"
        case "Deferred":
            return "not tried"
        case "Unknown":
            return "answer unknown" if not what.get("pending") else "its job is running"
        case "Conflict":
            return "another body is stored under its key"
        case _:
            return name


def _money(minor: int | None, currency: str | None) -> str:
    """Behind a title; nothing for what has no amount."""
    said = amount(minor, currency)
    return f"  {said} {currency}" if said else ""


def _given(*pairs: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if value)
