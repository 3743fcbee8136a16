"""The tie-out: what the sources told against what the books have, per connection, currency and kind of fact.

The books' side is the sum of the links, whatever they came from; the reasons are found event by event. What no reason
explains is shown as unexplained, and should be nothing.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, select
from sqlalchemy.sql.selectable import Subquery

from service.trail.fact_tables import events, links, work, writes

What = Literal["orders", "payments", "refunds"]
WHATS: Final[tuple[What, ...]] = ("orders", "payments", "refunds")

_OF_TYPE: Final[dict[str, What]] = {
    "order.completed": "orders",
    "payment.received": "payments",
    "refund.issued": "refunds",
}
_OF_KIND: Final[dict[str, What]] = {
    "invoice": "orders",
    "invoice_payment": "payments",
    "invoice_credit_memo": "refunds",
    "customer_refund": "refunds",
}
_WRITTEN_DIFFERENT: Final = "written different"
_REASONS: Final = {
    "due": "on its way",
    "held": "held",
    "parked": "parked",
    "skipped": "skipped on purpose",
    "different": _WRITTEN_DIFFERENT,
}
"""State of the work -> why told and booked differ. A fact that is done and differs has no reason."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why part of a difference is there: `count` facts, together `minor` in books less source."""

    why: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One kind of fact, in minor units: what the sources told, what the books have."""

    what: What
    told: int
    told_count: int
    booked: int
    booked_count: int
    reasons: tuple[Reason, ...]

    @property
    def difference(self) -> int:
        """Books less source."""
        return self.booked - self.told

    @property
    def unexplained(self) -> int:
        """What no reason accounts for."""
        return self.difference - sum(reason.minor for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One currency of one connection. `cash_legs`: credit memos of refunded money that stay open by policy, their
    number and sum; `conflicting`: facts whose tellings do not agree."""

    connection: str
    currency: str
    legs: tuple[Leg, ...]
    cash_legs: tuple[int, int]
    conflicting: int

    @property
    def source(self) -> int:
        """Orders less payments and refunds, as told."""
        return sum(leg.told if leg.what == "orders" else -leg.told for leg in self.legs)

    @property
    def books(self) -> int:
        """Invoices less invoice payments, credit memos and customer refunds."""
        return sum(leg.booked if leg.what == "orders" else -leg.booked for leg in self.legs)

    @property
    def difference(self) -> int:
        """Books less source, net."""
        return self.books - self.source

    @property
    def unexplained(self) -> int:
        """Sum of what no reason accounts for, each leg taken absolutely: errors that cancel do not agree."""
        return sum(abs(leg.unexplained) for leg in self.legs)

    @property
    def ties(self) -> bool:
        """Every leg agrees to the unit."""
        return all(leg.difference == 0 for leg in self.legs)


Place = tuple[str, str, What]


def tie_out(c: Connection, connection: str | None = None) -> tuple[Tie, ...]:
    """Every (connection, currency) on either side, by name; of all connections or of one."""
    told = _told(c, connection)
    booked = _booked(c, connection)
    cash = _cash_legs(c, connection)
    pairs = sorted({(alias, currency) for alias, currency, _ in (*told, *booked)})
    return tuple(
        Tie(
            connection=alias,
            currency=currency,
            legs=tuple(_leg(what, told[alias, currency, what], booked[alias, currency, what]) for what in WHATS),
            cash_legs=cash.get((alias, currency), (0, 0)),
            conflicting=sum(told[alias, currency, what].conflicting for what in WHATS),
        )
        for alias, currency in pairs
    )


@dataclass(slots=True)
class _Sums:
    count: int = 0
    minor: int = 0


@dataclass(slots=True)
class _Told(_Sums):
    conflicting: int = 0
    reasons: tuple[Reason, ...] = ()


def _leg(what: What, told: _Told, booked: _Sums) -> Leg:
    return Leg(
        what=what,
        told=told.minor,
        told_count=told.count,
        booked=booked.minor,
        booked_count=booked.count,
        reasons=told.reasons,
    )


def _told(c: Connection, connection: str | None) -> defaultdict[Place, _Told]:
    """Sums of what is told (by who is declared to tell it), and why parts of it differ from the books."""
    made = _made()
    apart = func.coalesce(made.c.minor, 0) - events.c.minor
    state: ColumnElement[str] = case(
        (made.c.different == 1, "different"), (and_(work.c.state == "done", apart == 0), "ties"), else_=work.c.state
    )
    grouped = (
        select(
            events.c.connection,
            events.c.currency,
            events.c.type,
            state.label("state"),
            func.count(),
            func.sum(events.c.minor),
            func.sum(apart),
            func.sum(case((apart != 0, 1), else_=0)),
            func.count(events.c.conflict),
        )
        .join(work, work.c.event_seq == events.c.seq)
        .outerjoin(made, made.c.event_seq == events.c.seq)
        .where(work.c.state != "recorded")
        .group_by(events.c.connection, events.c.currency, events.c.type, state)
    )
    if connection is not None:
        grouped = grouped.where(events.c.connection == connection)
    found: defaultdict[Place, _Told] = defaultdict(_Told)
    for alias, currency, type_, why, count, minor, difference, differing, conflicting in c.execute(grouped):
        told = found[alias, currency, _OF_TYPE[type_]]
        told.count += count
        told.conflicting += conflicting
        told.minor += int(minor)
        if why in _REASONS and differing:
            told.reasons += (Reason(_REASONS[why], int(differing), int(difference)),)
    return found


def _made() -> Subquery:
    """What the books have because of each event: the links of its writes that carry its amount."""
    return (
        select(
            writes.c.event_seq,
            func.sum(links.c.total_minor).label("minor"),
            func.max(case((links.c.different, 1), else_=0)).label("different"),
        )
        .join(
            links,
            and_(
                links.c.connection == writes.c.connection,
                links.c.namespace == writes.c.namespace,
                links.c.key == writes.c.key,
            ),
        )
        .where(writes.c.kind.in_(sorted(_OF_KIND)))
        .group_by(writes.c.event_seq)
        .subquery()
    )


def _booked(c: Connection, connection: str | None) -> defaultdict[Place, _Sums]:
    grouped = (
        select(links.c.connection, links.c.currency, links.c.kind, func.count(), func.sum(links.c.total_minor))
        .where(links.c.kind.in_(sorted(_OF_KIND)), links.c.total_minor.is_not(None))
        .group_by(links.c.connection, links.c.currency, links.c.kind)
    )
    if connection is not None:
        grouped = grouped.where(links.c.connection == connection)
    found: defaultdict[Place, _Sums] = defaultdict(_Sums)
    for alias, currency, kind, count, minor in c.execute(grouped):
        sums = found[alias, currency, _OF_KIND[kind]]
        sums.count += count
        sums.minor += int(minor)
    return found


def _cash_legs(c: Connection, connection: str | None) -> dict[tuple[str, str], tuple[int, int]]:
    """Credit memos whose event neither applied them nor gave the money back as a document of its own."""
    other = writes.alias("other")
    settled = exists().where(
        other.c.event_seq == writes.c.event_seq,
        other.c.kind.in_(["invoice_credit_application", "customer_refund"]),
    )
    grouped = (
        select(writes.c.connection, writes.c.currency, func.count(), func.sum(writes.c.total_minor))
        .where(writes.c.kind == "invoice_credit_memo", writes.c.state.in_(["written", "different"]), not_(settled))
        .group_by(writes.c.connection, writes.c.currency)
    )
    if connection is not None:
        grouped = grouped.where(writes.c.connection == connection)
    return {(alias, currency): (count, int(minor)) for alias, currency, count, minor in c.execute(grouped)}


def as_values(tie: Tie) -> dict[str, Any]:
    """A tie as plain values, differences worked out: for programs."""
    return {
        "connection": tie.connection,
        "currency": tie.currency,
        "source": tie.source,
        "books": tie.books,
        "difference": tie.difference,
        "unexplained": tie.unexplained,
        "ties": tie.ties,
        "cash_legs": {"count": tie.cash_legs[0], "minor": tie.cash_legs[1]},
        "conflicting": tie.conflicting,
        "legs": [asdict(leg) | {"difference": leg.difference, "unexplained": leg.unexplained} for leg in tie.legs],
    }
