"""Whatever is told and whatever the books hold: a plan, never an exception, and sums to the unit."""

from hypothesis import HealthCheck, given, settings

from consumers.freezing import Frozen, MissingLink, freeze
from consumers.planning import plan, references, unanswered
from schemas.books import Books, Link
from schemas.events import Event
from schemas.plans import Hold, Park, Post
from tests.planning.strategies import BOOKS, EVENTS

OBJECTS = {
    *("item", "customer", "account", "tax_rate", "class", "department", "location", "payment_term", "payment_method")
}
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
    assert unanswered(event, snapshot) <= OBJECTS
