"""Metrics as they are scraped: gauges are set from the trail just then, counters are this process's own."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from consumers.forecasting import Forecast
from service.console.desk import AdminDesk
from service.console.settled import Settled
from service.metrics import Metrics
from service.trail.forecast import forecasts
from service.trail.overview import Gauged, gauged


async def exposition(desk: AdminDesk, settled: Settled) -> bytes:
    """Prometheus text; with the trail out of reach, the gauges stay as they were."""
    with suppress(SQLAlchemyError, OSError):
        now = desk.now()
        found, ahead = await desk.trail.read(lambda c: (gauged(c, settled.counts(c)), forecasts(c, now)))
        _set(desk.metrics, found)
        _foresee(desk.metrics, ahead, now)
    return desk.metrics.exposition()


def refusals(metrics: Metrics) -> dict[str, dict[str, int]]:
    """Source -> reason -> deliveries that this process refused since it started."""
    found: dict[str, dict[str, int]] = {}
    for family in metrics.refused.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                found.setdefault(sample.labels["source"], {})[sample.labels["reason"]] = int(sample.value)
    return found


def _foresee(metrics: Metrics, ahead: Mapping[str, Forecast], now: datetime) -> None:
    metrics.waiting.clear()
    metrics.forecast_seconds.clear()
    for alias, one in ahead.items():
        metrics.waiting.labels(alias, "live").set(one.live)
        metrics.waiting.labels(alias, "backfill").set(one.backfill)
        if one.until is not None:
            metrics.forecast_seconds.labels(alias).set((one.until - now).total_seconds())


def _set(metrics: Metrics, found: Gauged) -> None:
    metrics.work.clear()
    for (alias, state), number in found.work.items():
        metrics.work.labels(alias, state).set(number)
    metrics.connections.clear()
    for state, number in found.connections.items():
        metrics.connections.labels(state).set(number)
    metrics.outbox_waiting.set(found.outbox_waiting)
