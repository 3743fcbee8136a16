"""`pause` and `resume`: a person's word, which outlives what Rutter tells meanwhile."""

import asyncio

from schemas.deliveries import ConnectionMoved
from service.clock import SystemClock
from service.trail.database import open_trail
from tests.cli.conftest import Shell, Shop


def needs_update(shop: Shop) -> None:
    trail = open_trail(shop.here.trail, shop.here.keys, SystemClock(), visitor=True)
    try:
        moved = ConnectionMoved("r-1", "needs_update", "password changed", "https://link.example/x")
        asyncio.run(trail.callbacks.connection_moved(moved))
    finally:
        trail.shut()


def test_pausing_and_resuming(ledgerhook: Shell, shop: Shop) -> None:
    paused = ledgerhook.good("pause", "acme", "--reason", "year end", "--data-dir", shop.data_dir)
    assert paused == "acme is paused; ledgerhook resume acme lets it go on\n"
    needs_update(shop)

    shown = ledgerhook.good("status", "--data-dir", shop.data_dir)
    (one,) = ledgerhook.json("status", "--data-dir", shop.data_dir)["connections"]

    assert (
        "acme: paused (year end); meanwhile it is needs update: password changed; https://link.example/x; "
        "ledgerhook resume acme lets it go on" in shown
    )
    assert (one["state"], one["reason"], one["told_state"], one["told_reason"]) == (
        "paused", "year end", "needs_update", "password changed",
    )  # fmt: skip
    assert ledgerhook.good("resume", "acme", "--data-dir", shop.data_dir) == (
        "acme is needs update: posting goes on once that is over\n"
    )


def test_what_is_not_there_or_not_paused_is_said(ledgerhook: Shell, shop: Shop) -> None:
    assert "no connection nowhere" in ledgerhook.fails("pause", "nowhere", "--data-dir", shop.data_dir)
    assert "acme is not paused" in ledgerhook.fails("resume", "acme", "--data-dir", shop.data_dir)
