"""Waiting for a poke, with an end."""

import asyncio

from consumers.ports import Clock


async def poked_or_slept(poke: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Until the event is set, or the time is over on the clock."""
    poked = asyncio.ensure_future(poke.wait())
    slept = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({poked, slept}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        poked.cancel()
        slept.cancel()
