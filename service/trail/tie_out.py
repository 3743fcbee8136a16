"""The tie-out: what the sources told against what the books have, per connection, currency and kind of fact.

The sources' side is what they tell in the end: orders as amended or cancelled, payments and refunds less what was taken
back. The books' side is the sum of the links, whatever they came from; the reasons are found fact by fact. What no
reason explains is shown as unexplained, and should be nothing.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, not_, select

from service.trail.fact_tables import events, links, work
from service.trail.tie_left_open import cash_legs, unapplied
from service.trail.tie_made import made
from service.trail.tie_orders import corrected_orders, is_corrected
from service.trail.tie_sums import WHATS, What, amount, currency, leg, with_voided

__all__ = ["WHATS", "Leg", "Reason", "Tie", "What", "as_values", "tie_out"]

_OF_TYPE: Final[dict[str, What]] = {
    "order.completed": "orders",
    "payment.received": "payments",
    "payment.reversed": "payments",
    "refund.issued": "refunds",
    "refund.reversed": "refunds",
}
_TAKES_BACK: Final = ("payment.reversed", "refund.reversed")
_WRITTEN_DIFFERENT: Final = "written different"
_REASONS: Final = {
    "due": "on its way",
    "held": "held",
    "parked": "parked",
    "skipped": "skipped on purpose",
    "different": _WRITTEN_DIFFERENT,
    "edited": "edited in the books",
}
_LEFT_OUT: Final = "marketplace tax, not the seller's"
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
    """One currency of one connection; the pairs are a number and a sum.

    `cash_legs`: credit memos of refunded money that stay open by policy. `unapplied`: payments, by what they exceed
    what they were applied to. `conflicting`: facts whose tellings do not agree.
    """

    connection: str
    currency: str
    legs: tuple[Leg, ...]
    cash_legs: tuple[int, int]
    conflicting: int
    unapplied: tuple[int, int] = (0, 0)

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
    cash, left = cash_legs(c, connection), unapplied(c, connection)
    pairs = sorted({(alias, currency) for alias, currency, _ in (*told, *booked)})
    return tuple(
        Tie(
            connection=alias,
            currency=currency,
            legs=tuple(_leg(what, told[alias, currency, what], booked[alias, currency, what]) for what in WHATS),
            cash_legs=cash.get((alias, currency), (0, 0)),
            conflicting=sum(told[alias, currency, what].conflicting for what in WHATS),
            unapplied=left.get((alias, currency), (0, 0)),
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
    found: defaultdict[Place, _Told] = defaultdict(_Told)
    _take_single_facts(c, connection, found)
    for order in corrected_orders(c, connection):
        told = found[order.connection, order.currency, "orders"]
        told.count += 1
        told.minor += order.told
        told.conflicting += order.conflicting
        _explain(told, order.state, 1, order.booked + order.left_out - order.told)
        _explain(told, "left out", 1, -order.left_out)
    return found


def _take_single_facts(c: Connection, connection: str | None, found: defaultdict[Place, _Told]) -> None:
    """Facts that stand for themselves: all but orders that were amended or cancelled."""
    of = made()
    told = case((events.c.type.in_(_TAKES_BACK), -events.c.minor), else_=events.c.minor)
    left_out = func.coalesce(of.c.left_out, 0)
    apart = func.coalesce(of.c.minor, 0) + left_out - told
    state: ColumnElement[str] = case(
        (of.c.edited == 1, "edited"),
        (of.c.different == 1, "different"),
        (and_(work.c.state == "done", apart == 0), "ties"),
        else_=work.c.state,
    )
    grouped = (
        select(
            events.c.connection,
            events.c.currency,
            events.c.type,
            state.label("state"),
            func.count().label("facts"),
            func.sum(told).label("told"),
            func.sum(apart).label("apart"),
            func.sum(case((apart != 0, 1), else_=0)).label("differing"),
            func.sum(left_out).label("left_out"),
            func.sum(case((left_out != 0, 1), else_=0)).label("partly"),
            func.count(events.c.conflict).label("conflicting"),
        )
        .join(work, work.c.event_seq == events.c.seq)
        .outerjoin(of, of.c.event_seq == events.c.seq)
        .where(work.c.state != "recorded", events.c.type.in_(_OF_TYPE))
        .where(not_(and_(events.c.type == "order.completed", is_corrected())))
        .group_by(events.c.connection, events.c.currency, events.c.type, state)
    )
    if connection is not None:
        grouped = grouped.where(events.c.connection == connection)
    for row in c.execute(grouped):
        sums = found[row.connection, row.currency, _OF_TYPE[row.type]]
        sums.count += row.facts if row.type not in _TAKES_BACK else 0
        sums.conflicting += row.conflicting
        sums.minor += int(row.told)
        _explain(sums, row.state, int(row.differing), int(row.apart))
        _explain(sums, "left out", int(row.partly), -int(row.left_out))


def _explain(told: _Told, state: str, count: int, minor: int) -> None:
    """Add to the reason of that name; a fact that is done and differs has none."""
    why = _LEFT_OUT if state == "left out" else _REASONS.get(state)
    if why is None or not minor:
        return
    before = next((one for one in told.reasons if one.why == why), Reason(why, 0, 0))
    others = tuple(one for one in told.reasons if one.why != why)
    told.reasons = (*others, Reason(why, before.count + count, before.minor + minor))


def _booked(c: Connection, connection: str | None) -> defaultdict[Place, _Sums]:
    what, of_currency = leg().label("what"), currency().label("of_currency")
    grouped = (
        select(links.c.connection, of_currency, what, func.count(), func.sum(amount()))
        .select_from(with_voided())
        .where(leg().is_not(None), currency().is_not(None))
        .group_by(links.c.connection, of_currency, what)
    )
    if connection is not None:
        grouped = grouped.where(links.c.connection == connection)
    found: defaultdict[Place, _Sums] = defaultdict(_Sums)
    for alias, known_currency, name, count, minor in c.execute(grouped):
        sums = found[alias, known_currency, name]
        sums.count += count
        sums.minor += int(minor)
    return found


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
        "unapplied": {"count": tie.unapplied[0], "minor": tie.unapplied[1]},
        "conflicting": tie.conflicting,
        "legs": [asdict(leg) | {"difference": leg.difference, "unexplained": leg.unexplained} for leg in tie.legs],
    }
