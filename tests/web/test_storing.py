"""What the trail refuses stands alone in the end: parked, or handed back; the others are stored."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from consumers.intake import Accepted, DeliveryStatus, Position, Verdict
from schemas.events import PaymentReceived, parse_event
from service.faults import passes
from service.storing import HopelessError, ToStore, store
from service.web.durable import FullError, TrailDoor
from tests.web.kept import Kept
from tests.web.told import body, payment

AT = datetime(2026, 11, 2, tzinfo=UTC)


def delivery(number: str) -> Accepted:
    event = parse_event(body(payment(f"ch_{number}")))
    assert isinstance(event, PaymentReceived)
    return Accepted(
        id=f"d-{number}",
        source="acme-shop",
        connection="acme",
        received_at=AT,
        status=DeliveryStatus.TOLD,
        sealed=b"sealed",
        events=(event,),
    )


def refused(number: str) -> Accepted:
    """Its event holds what no validation lets through and no database takes."""
    good = delivery(number)
    (event,) = good.events
    return replace(good, events=(event.model_copy(update={"connection": "\ud800"}),))


async def never(row: ToStore, error: HopelessError) -> None:
    pytest.fail(f"{error}")


@pytest.mark.parametrize("place", range(5))
async def test_the_refused_one_is_parked_and_the_others_are_stored(kept: Kept, place: int) -> None:
    batch = [delivery(str(number)) for number in range(5)]
    batch[place] = refused(str(place))

    verdicts = await store(kept, [ToStore(one) for one in batch], never)

    assert verdicts == [() if number == place else (Verdict.NEW,) for number in range(5)]
    found = {one.id: (one.status, one.reason, one.sealed) for one in await kept.deliveries()}
    assert found.pop(f"d-{place}")[0] == "unreadable"
    assert set(found.values()) == {("told", None, b"sealed")}


async def test_what_cannot_even_be_parked_is_handed_back_and_its_position_stays(kept: Kept) -> None:
    bad = replace(delivery("1"), connection="\ud800")
    rows = [
        ToStore(delivery("0"), Position("t", 0, 1)),
        ToStore(bad, Position("t", 0, 2)),
        ToStore(None, Position("t", 1, 9)),
    ]
    handed: list[ToStore] = []

    async def note(row: ToStore, error: HopelessError) -> None:
        assert "d-1" in str(error)
        handed.append(row)

    verdicts = await store(kept, rows, note)

    assert (verdicts, handed) == ([(Verdict.NEW,), None, ()], [rows[1]])
    assert await kept.positions("t") == {0: 1, 1: 9}


async def test_the_door_answers_each_request_for_itself(kept: Kept) -> None:
    door = TrailDoor(kept)
    bad = replace(delivery("1"), connection="\ud800")

    with pytest.raises(HopelessError):
        await door.keep(bad)
    await door.keep(delivery("2"))

    assert [one.id for one in await kept.deliveries()] == ["d-2"]


async def test_the_door_takes_no_more_than_it_can_hold(kept: Kept) -> None:
    with pytest.raises(FullError):
        await TrailDoor(kept, max_waiting=0).keep(delivery("1"))


class _DriverError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("x", {}, _DriverError("database is locked")), True),
        (ProgrammingError("x", {}, _DriverError("relation does not exist")), True),
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (DataError("x", {}, _DriverError("out of range")), False),
        (IntegrityError("x", {}, _DriverError("unique")), False),
        (ProgrammingError("x", {}, _DriverError("Error binding parameter 1")), False),
        (TypeError(), False),
        (UnicodeEncodeError("utf-8", "x", 0, 1, "x"), False),
    ],
)
def test_what_passes_by_itself(error: Exception, expected: bool) -> None:
    assert passes(error) is expected
