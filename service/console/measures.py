"""Metrics as they are scraped: gauges are set from the trail just then, counters are this process's own."""

from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from service.console.desk import AdminDesk
from service.console.settled import Settled
from service.metrics import Metrics
from service.trail.overview import Gauged, gauged


async def exposition(desk: AdminDesk, settled: Settled) -> bytes:
    """Prometheus text; with the trail out of reach, the gauges stay as they were."""
    with suppress(SQLAlchemyError, OSError):
        _set(desk.metrics, await desk.trail.read(lambda c: gauged(c, settled.counts(c))))
    return desk.metrics.exposition()


def refusals(metrics: Metrics) -> dict[str, dict[str, int]]:
    """Source -> reason -> deliveries that this process refused since it started."""
    found: dict[str, dict[str, int]] = {}
    for family in metrics.refused.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                found.setdefault(sample.labels["source"], {})[sample.labels["reason"]] = int(sample.value)
    return found


def _set(metrics: Metrics, found: Gauged) -> None:
    metrics.work.clear()
    for (alias, state), number in found.work.items():
        metrics.work.labels(alias, state).set(number)
    metrics.connections.clear()
    for state, number in found.connections.items():
        metrics.connections.labels(state).set(number)
    metrics.outbox_waiting.set(found.outbox_waiting)
