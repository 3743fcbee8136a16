"""One worker a connection."""

import asyncio
import os

from consumers.ports import Fenced
from schemas.connections import ConnectionState
from service.lease_owner import lease_owner
from service.trail.database import Trail
from tests.trail.hands import Hands
from tests.trail.told import invoice, order
from tools.scaled_day.takeover import pid_of
from tools.scaled_day.trail_look import Lease


async def test_two_processes_of_one_host_name_and_number_do_not_share_a_lease(trail: Trail) -> None:
    one, other = lease_owner(lambda size: b"a" * size), lease_owner(lambda size: b"b" * size)

    first = await trail.work.lease("acme", one, 15)

    assert first is not None
    assert await trail.work.lease("acme", other, 15) is None
    assert [pid_of(Lease(owner, 1)) for owner in (one, other)] == [os.getpid(), os.getpid()]


async def test_two_owners_and_one_lease(trail: Trail) -> None:
    taken = await asyncio.gather(*(trail.work.lease("acme", f"worker-{n}", 60) for n in range(4)))

    assert sum(lease is not None for lease in taken) == 1


async def test_renewing_keeps_the_token_and_a_take_over_grows_it(trail: Trail) -> None:
    first = await trail.work.lease("acme", "a", 60)
    again = await trail.work.lease("acme", "a", 0)
    other = await trail.work.lease("acme", "b", 60)

    assert first is not None
    assert again is not None
    assert other is not None
    assert (first.token, again.token, other.token) == (1, 1, 2)
    assert await trail.work.lease("acme", "a", 60) is None


async def test_a_lease_given_back_is_free_and_its_work_is_offered(trail: Trail) -> None:
    hands = Hands(trail)
    lease = await hands.take()
    await hands.tell(order())
    assert await trail.work.connections_with_work("worker-1") == ["acme"]
    assert await trail.work.connections_with_work("worker-2") == []

    await trail.work.give_up(lease)

    assert await trail.work.connections_with_work("worker-2") == ["acme"]
    assert await trail.work.lease("unknown", "worker-2", 60) is None


async def test_whoever_lost_the_lease_changes_nothing(trail: Trail) -> None:
    late, new = Hands(trail), Hands(trail, "worker-2")
    await late.tell(order("1"), order("2"))
    await late.take(seconds=0)
    await new.take()
    due = await late.due("order:1")

    assert isinstance(await late.intend(due, invoice("1")), Fenced)
    await late.hold(due, "invoice:9")
    await trail.work.skip(late.lease, due, "no")
    await trail.work.give_up(late.lease)

    assert await late.keys() == ["order:1", "order:2"]
    stored = await new.started(due, invoice("1"))
    assert isinstance(await trail.work.start_attempt(late.lease, stored, trail.clock.now()), Fenced)
    assert isinstance(await trail.work.grow_revision(late.lease, stored), Fenced)


async def test_an_ended_lease_gives_no_right_even_if_nobody_took_it(trail: Trail) -> None:
    hands = Hands(trail)
    await hands.tell(order())
    await hands.take(seconds=0)

    assert isinstance(await hands.intend(await hands.due("order:1001"), invoice()), Fenced)


async def test_work_of_a_connection_that_is_not_ready_is_not_offered(trail: Trail) -> None:
    await Hands(trail).tell(order())
    await trail.work.move_connection("acme", ConnectionState.PAUSED, "by hand")

    assert await trail.work.connections_with_work("worker-1") == []
