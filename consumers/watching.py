"""Watching over what waits: the sweep that proves no wake is lost, and parks what waited past its deadline."""

from collections.abc import Callable
from typing import Final

from consumers.ports import Clock, WorkTrail

EVERY_SECONDS: Final = 60.0


async def sweep_for_ever(trail: WorkTrail, clock: Clock, swept: Callable[[int], None]) -> None:
    """Once a minute; `swept` is told how many wakes the sweep had to make up for, which should be none."""
    while True:
        await clock.sleep(EVERY_SECONDS)
        swept(await trail.sweep())
