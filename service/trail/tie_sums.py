"""What a document adds to the books' side of the tie-out: which leg, with which sign, how much.

By its natural key, as links need not come from a write of ours. What was seen of a document since (a person changed,
voided or deleted it) counts before what it was written with.
"""

from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, FromClause, and_, case, false, func, literal, null, or_
from sqlalchemy.sql.selectable import Join

from service.trail.fact_tables import links

What = Literal["orders", "payments", "refunds"]
WHATS: Final[tuple[What, ...]] = ("orders", "payments", "refunds")

_GONE: Final = ("void", "deleted")
_VOID: Final = "invoice_void"
_MEMO: Final = "invoice_credit_memo"
voided: Final = links.alias("voided")
"""The invoice of a void, which has no amount of its own."""


def with_voided() -> Join:
    """Links, each void beside its invoice."""
    return links.outerjoin(
        voided,
        and_(
            links.c.kind == _VOID,
            voided.c.connection == links.c.connection,
            voided.c.namespace == links.c.namespace,
            voided.c.key == func.substr(links.c.key, len("void:") + 1),
        ),
    )


def now_comes_to(of: FromClause) -> ColumnElement[Any]:
    """What the document was last seen to come to."""
    return case(
        (of.c.seen_status.in_(_GONE), literal(0)),
        (of.c.seen_total_minor.is_not(None), of.c.seen_total_minor),
        else_=of.c.total_minor,
    )


def is_edited() -> ColumnElement[bool]:
    """Whether it comes to another amount than it was written with."""
    changed = and_(links.c.seen_status.is_not(None), now_comes_to(links) != links.c.total_minor)
    return func.coalesce(changed, false())


def leg() -> ColumnElement[Any]:
    """What of WHATS it belongs to; null for what adds to none."""
    kind = links.c.kind
    orders = or_(
        _begins("invoice:"),
        and_(_begins("amendment:"), kind.in_(("invoice", _MEMO))),
        and_(_begins("reversal:invoice:"), kind == _MEMO),
        kind == _VOID,
    )
    payments = or_(
        and_(_begins("payment:"), kind == "invoice_payment"),
        and_(_begins("reversal:payment:"), kind == "customer_refund"),
    )
    refunds = or_(
        and_(_begins("credit_memo:"), kind == _MEMO),
        and_(_begins("customer_refund:"), kind == "customer_refund"),
        and_(_begins("reversal:refund:"), kind == "invoice"),
    )
    return case(
        (orders, literal("orders")), (payments, literal("payments")), (refunds, literal("refunds")), else_=null()
    )


def amount() -> ColumnElement[Any]:
    """What it adds to its leg; what takes back adds less than nothing."""
    takes_back = or_(_begins("reversal:"), and_(_begins("amendment:"), links.c.kind == _MEMO))
    own = now_comes_to(links)
    return case((links.c.kind == _VOID, -func.coalesce(now_comes_to(voided), 0)), (takes_back, -own), else_=own)


def currency() -> ColumnElement[Any]:
    """Of what it adds."""
    return case((links.c.kind == _VOID, voided.c.currency), else_=links.c.currency)


def _begins(prefix: str) -> ColumnElement[bool]:
    return links.c.key.like(f"{prefix}%")
