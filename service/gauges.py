"""Gauges: how much waits, read from the trail now and then."""

from datetime import timedelta
from typing import Final

from service.clock import SystemClock
from service.metrics import Metrics
from service.trail.door import Door
from service.trail.overview import Counts, overview

EVERY_SECONDS: Final = 15.0


async def measure_for_ever(trail: Door, metrics: Metrics, clock: SystemClock) -> None:
    """Read and set, for ever."""
    while True:
        since = clock.now() - timedelta(minutes=1)
        seen = await trail.read(lambda c, since=since: overview(c, since))  # type: ignore[misc]  # a default binds the loop's value
        states: dict[str, int] = {}
        for one in seen.connections:
            states[one.state] = states.get(one.state, 0) + 1
            for name in Counts.__slots__:
                metrics.work.labels(one.alias, name).set(getattr(one.counts, name))
        metrics.connections.clear()
        for state, count in states.items():
            metrics.connections.labels(state).set(count)
        metrics.outbox_waiting.set(seen.outbox_waiting)
        await clock.sleep(EVERY_SECONDS)
