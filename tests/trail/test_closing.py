"""The closing date: the latest of what is declared, read and learned; whoever waits for it to move is woken."""

from dataclasses import replace
from datetime import date, timedelta

from consumers.planning.dates import BOOKS_OPEN
from schemas.books import Books, References
from schemas.mapping import Mapping, Policies
from schemas.plans import Cause, Park
from service.trail import connections
from service.trail.changes import Declared
from service.trail.releasing import release
from tests.trail.conftest import acme
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, order

JANUARY = date(2026, 1, 31)
FEBRUARY = date(2026, 2, 28)
MARCH = date(2026, 3, 31)
CLOSED = Park(cause=Cause.CLOSED_BOOKS, subject="through 2026-01-31", detail="closed", cure="open it")


async def known(hands: Hands) -> Books:
    connection = await hands.trail.work.connection("acme")
    return await hands.trail.work.read("acme", NAMESPACE, References(), connection)


async def declare(hands: Hands, through: date | None) -> None:
    wanted = replace(acme(), mapping=Mapping(policies=Policies(closed_through=through)))
    done = await hands.trail.run(lambda c: connections.declare(c, hands.trail.keys, wanted, hands.trail.clock.now()))
    assert isinstance(done, Declared)


async def held(hands: Hands, key: str, moves: int) -> None:
    due = await hands.due(key)
    deadline = hands.trail.clock.now() + timedelta(hours=72)
    await hands.trail.work.hold(hands.lease, due, awaits=BOOKS_OPEN, seen=moves, reason="closed", deadline=deadline)


async def test_the_latest_of_what_is_declared_read_and_learned_counts(hands: Hands) -> None:
    assert (await known(hands)).closed_through is None
    await declare(hands, JANUARY)
    assert (await known(hands)).closed_through == JANUARY
    await hands.trail.work.learn_closed("acme", MARCH)
    await hands.trail.work.learn_closed("acme", FEBRUARY)
    assert (await known(hands)).closed_through == MARCH
    assert await hands.trail.work.closing_told("acme", FEBRUARY)
    assert (await known(hands)).closed_through == FEBRUARY  # what refusals taught was of the date before
    assert not await hands.trail.work.closing_told("acme", FEBRUARY)
    assert await hands.trail.work.closing_told("acme", None)
    assert (await known(hands)).closed_through == JANUARY


async def test_a_hold_on_open_books_is_woken_when_the_date_moves_and_not_before(hands: Hands) -> None:
    await hands.trail.work.closing_told("acme", FEBRUARY)
    await hands.tell(order())
    moves = (await known(hands)).closed_moves
    await held(hands, "order:1001", moves)
    await hands.trail.work.learn_closed("acme", MARCH)
    assert await hands.keys() == []
    assert await hands.trail.work.sweep() == 0

    await hands.trail.work.closing_told("acme", JANUARY)

    assert await hands.keys() == ["order:1001"]


async def test_a_date_that_moved_between_reading_and_holding_is_not_missed(hands: Hands) -> None:
    await hands.tell(order())
    moves = (await known(hands)).closed_moves
    await hands.trail.work.closing_told("acme", JANUARY)

    await held(hands, "order:1001", moves)

    assert await hands.keys() == ["order:1001"]
    await held(hands, "order:1001", (await known(hands)).closed_moves)
    assert await hands.keys() == []


async def test_what_is_declared_moves_the_date_as_well(hands: Hands) -> None:
    await declare(hands, MARCH)
    await hands.tell(order())
    await held(hands, "order:1001", (await known(hands)).closed_moves)

    await declare(hands, MARCH)
    assert await hands.keys() == []
    await declare(hands, None)

    assert await hands.keys() == ["order:1001"]


async def test_a_parked_event_waits_for_the_date_to_move_or_for_a_person_who_unteaches_it(hands: Hands) -> None:
    await hands.trail.work.closing_told("acme", JANUARY)
    await hands.trail.work.learn_closed("acme", FEBRUARY)
    await hands.tell(order(), order("1002"))
    for key in ("order:1001", "order:1002"):
        await hands.trail.work.park(hands.lease, await hands.due(key), CLOSED, BOOKS_OPEN)
    assert await hands.keys() == []

    now = hands.trail.clock.now()
    await hands.trail.run(lambda c: release(c, now, keys=["order:1001"]))

    assert (await known(hands)).closed_through == JANUARY
    assert await hands.keys() == ["order:1001", "order:1002"]  # both wait for the same day
