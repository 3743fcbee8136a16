"""A person's pause: whatever others tell meanwhile is noted, and only a person ends it."""

import orjson
import pytest

from schemas.connections import ConnectionState
from schemas.deliveries import ConnectionMove, ConnectionMoved
from service.trail import connection_moves, outbox
from service.trail.connections import standings
from service.trail.database import Trail
from tests.trail.conftest import HandClock

Standing = tuple[str, str | None, str | None, str | None]


async def standing(trail: Trail) -> Standing:
    (one,) = await trail.read(standings)
    return one.connection.state.value, one.state_reason, one.told_state, one.told_reason


async def paused(trail: Trail) -> None:
    await trail.work.move_connection("acme", ConnectionState.PAUSED, "by hand")


async def rutter(trail: Trail, move: ConnectionMove, reason: str | None = None) -> None:
    moved = ConnectionMoved("rutter-1", move, reason, "https://link.example" if move == "needs_update" else None)
    await trail.callbacks.connection_moved(moved)


async def resumed(trail: Trail, clock: HandClock) -> ConnectionState | None:
    return await trail.run(lambda c: connection_moves.resume(c, "acme", clock.now()))


async def told(trail: Trail) -> list[tuple[str, object]]:
    rows = [orjson.loads(row.value) for row in await trail.read(lambda c: outbox.unsent(c, 100))]
    return [(row["type"], row["data"]) for row in rows]


@pytest.mark.parametrize("by", ["rutter", "worker"])
async def test_a_pause_outlives_what_rutter_and_the_worker_tell(trail: Trail, clock: HandClock, by: str) -> None:
    await paused(trail)
    if by == "rutter":
        await rutter(trail, "needs_update", "password changed")
    else:
        await trail.work.move_connection("acme", ConnectionState.NEEDS_UPDATE, "password changed")
    assert await standing(trail) == ("paused", "by hand", "needs_update", "password changed")
    await rutter(trail, "ready")
    assert await standing(trail) == ("paused", "by hand", "ready", None)
    assert await trail.work.connections_with_work("worker-1") == []

    assert await resumed(trail, clock) is ConnectionState.READY

    assert await standing(trail) == ("ready", None, None, None)
    assert await resumed(trail, clock) is None


async def test_resumed_it_still_needs_what_it_needed(trail: Trail, clock: HandClock) -> None:
    await rutter(trail, "disabled", "subscription ended")
    await paused(trail)
    assert await standing(trail) == ("paused", "by hand", "disabled", "subscription ended")
    assert await resumed(trail, clock) is ConnectionState.DISABLED
    assert await standing(trail) == ("disabled", "subscription ended", None, None)


async def test_signing_in_does_not_end_the_wait_for_the_first_sync(trail: Trail, clock: HandClock) -> None:
    await trail.work.move_connection("acme", ConnectionState.WAITING, None)
    await paused(trail)
    await rutter(trail, "authenticated")
    assert await resumed(trail, clock) is ConnectionState.WAITING


async def test_each_move_is_told_once_with_what_stands_beneath(trail: Trail, clock: HandClock) -> None:
    await paused(trail)
    for _ in range(2):
        await rutter(trail, "needs_update", "password changed")
    await resumed(trail, clock)
    assert await told(trail) == [
        ("connection.paused", {"state": "paused", "reason": "by hand", "told": {"state": "ready", "reason": None}}),
        (
            "connection.paused",
            {"state": "paused", "reason": "by hand", "told": {"state": "needs_update", "reason": "password changed"}},
        ),
        ("connection.needs_update", {"state": "needs_update", "reason": "password changed"}),
    ]
