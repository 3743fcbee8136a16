"""Events of a connection that nobody has declared, or that is disabled: kept, and let go on once it comes to life."""

from dataclasses import replace

from schemas.deliveries import ConnectionMoved
from service.trail import connections
from service.trail.changes import Declared
from service.trail.database import Trail
from service.trail.overview import Undeclared, overview
from tests.trail.conftest import NOON, acme
from tests.trail.told import delivery, order, payment


async def undeclared(trail: Trail) -> tuple[Undeclared, ...]:
    return (await trail.read(lambda c: overview(c, NOON))).undeclared


async def test_they_are_named_and_go_on_once_it_is_declared(trail: Trail) -> None:
    theirs = [one.model_copy(update={"connection": "nova"}) for one in (order(), payment())]
    due: list[set[str]] = []
    trail.on_due = due.append
    await trail.intake.record([replace(delivery("k-1", *theirs, at=NOON, source=None), connection="nova")])
    await trail.intake.record([delivery("d-1", order("2"), at=NOON)])
    assert await undeclared(trail) == (Undeclared(connection="nova", waiting=2),)
    assert await trail.work.connections_with_work("worker-1") == ["acme"]

    nova = replace(acme(), alias="nova", rutter_id="rutter-2")
    assert isinstance(await trail.run(lambda c: connections.declare(c, trail.keys, nova, NOON)), Declared)

    assert await undeclared(trail) == ()
    assert due[-1] == {"nova"}
    assert await trail.work.connections_with_work("worker-1") == ["acme", "nova"]
    assert [one.event.key for one in await trail.work.due("nova", 10)] == ["order:1001", "payment:p1"]


async def test_those_of_a_disabled_one_go_on_once_it_is_restored(trail: Trail) -> None:
    await trail.callbacks.connection_moved(ConnectionMoved("rutter-1", "disabled"))
    await trail.intake.record([delivery("d-1", order("2"), payment("p2", order_id="2"), at=NOON)])
    due: list[set[str]] = []
    trail.on_due = due.append
    assert await trail.work.connections_with_work("worker-1") == []

    await trail.callbacks.connection_moved(ConnectionMoved("rutter-1", "ready"))

    assert due == [{"acme"}]
    assert await trail.work.connections_with_work("worker-1") == ["acme"]
    assert [one.event.key for one in await trail.work.due("acme", 10)] == ["order:2", "payment:p2"]
