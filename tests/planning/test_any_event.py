"""Whatever is told and whatever the books hold: a plan, never an exception, and sums to the unit."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings

from consumers.freezing import Frozen, MissingLink, freeze
from consumers.planning import plan, references, unanswered
from schemas.books import Books, Entry, Link, LookUp
from schemas.events import Event, OrderCompleted
from schemas.money import EXPONENTS, minor_units
from schemas.plans import Cause, Hold, Park, Post
from tests.planning.shop import books, connection
from tests.planning.strategies import BOOKS, CONNECTIONS, EVENTS, ORDER_EVENTS

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(EVENTS, BOOKS)
def test_a_plan_for_any_event_and_any_books(event: Event, snapshot: Books) -> None:
    planned = plan(event, snapshot)
    assert planned == plan(event, snapshot)
    match planned:
        case Post():
            frozen = [freeze(write, _every_link(planned)) for write in planned.writes]
            assert all(isinstance(one, Frozen) for one in frozen)
            assert len({write.key for write in planned.writes}) == len(planned.writes)
            assert all(write.why for write in planned.writes)
        case Park():
            assert planned.detail
            assert planned.cure
        case Hold():
            assert planned.awaits
            assert planned.reason
        case _:
            raise AssertionError(planned)


def _every_link(planned: Post) -> dict[str, Link]:
    """Links for whatever a body refers to, found one by one."""
    links: dict[str, Link] = {}
    for write in planned.writes:
        while isinstance(missing := freeze(write, links), MissingLink):
            links[missing.key] = Link(key=missing.key, rutter_id=f"r-{len(links)}")
    return links


@QUICK
@given(EVENTS, BOOKS)
def test_three_readings_are_enough(event: Event, snapshot: Books) -> None:
    """Each reading loads the facts asked for, as far as there are any; the fourth asks nothing new."""
    asked = references(event, {}, snapshot.connection)
    for _ in range(2):
        known = {key: snapshot.facts[key] for key in asked.facts if key in snapshot.facts}
        asked = references(event, known, snapshot.connection)
    known = {key: snapshot.facts[key] for key in asked.facts if key in snapshot.facts}
    assert references(event, known, snapshot.connection) == asked
    assert unanswered(event, snapshot) <= {"item", "customer", "account"}


class _Generous(dict[LookUp, tuple[Entry, ...]]):
    """Lists in which every name means exactly one thing."""

    def get(self, key: LookUp, default: Any = None) -> tuple[Entry, ...]:  # noqa: ARG002 - dict's shape
        return (Entry(id=f"{key.object}-1", name=key.value, email=key.value if key.field == "email" else None),)


@QUICK
@given(ORDER_EVENTS, CONNECTIONS)
def test_an_invoice_comes_to_the_order_s_total(event: OrderCompleted, of: Any) -> None:
    order = event.data.order
    mapping = connection().mapping
    snapshot = replace(books(of=replace(of, mapping=replace(mapping, tax=of.mapping.tax))), found=_Generous())
    planned = plan(event, snapshot)
    if isinstance(planned, Park):
        assert planned.cause in {Cause.DOES_NOT_TIE, Cause.MARKETPLACE_TAX, Cause.UNMAPPED_CUSTOMER, Cause.AMBIGUOUS}
        return
    assert isinstance(planned, Post)
    invoice = planned.writes[-1]
    lines = invoice.body["line_items"]
    whole = sum((line["total_amount"] for line in lines), Decimal(0))
    whole += invoice.body.get("additional_fields", {}).get("tax_amount", Decimal(0))
    assert minor_units(whole, order.currency) == order.total
    for line in lines:
        assert line["item"]["quantity"] * line["item"]["unit_amount"] == line["total_amount"]
        assert -line["total_amount"].as_tuple().exponent == EXPONENTS[order.currency]
