"""Metrics: a closed vocabulary for Prometheus. Labels have few values: sources, connections, kinds, never ids."""

from dataclasses import dataclass, field
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SLOW: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Every metric there is, in a registry of its own: nothing is global, so tests and several apps never mix."""

    registry: CollectorRegistry = field(repr=False)
    deliveries: Counter
    refused: Counter
    answers: Counter
    intake_seconds: Histogram
    fallbacks: Counter
    recorded: Counter
    dead: Counter
    handled: Counter
    handle_seconds: Histogram
    documents: Counter
    outcomes: Counter
    work: Gauge
    connections: Gauge
    waiting: Gauge
    forecast_seconds: Gauge
    outbox_waiting: Gauge
    missed_wakes: Counter
    noticed: Counter

    def exposition(self) -> bytes:
        """Prometheus text format 0.0.4."""
        return generate_latest(self.registry)


def new_metrics() -> Metrics:
    """The vocabulary, all at zero."""
    registry = CollectorRegistry()

    def counter(name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"ledgerhook_{name}", help_text, labels, registry=registry)

    def gauge(name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"ledgerhook_{name}", help_text, labels, registry=registry)

    def histogram(name: str, help_text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"ledgerhook_{name}", help_text, buckets=buckets, registry=registry)

    return Metrics(
        registry=registry,
        deliveries=counter("deliveries", "Authentic deliveries, by what they came to", "source", "status"),
        refused=counter("deliveries_refused", "Deliveries refused, by reason", "source", "reason"),
        answers=counter("webhook_answers", "Answers of the webhook listener, by HTTP status", "status"),
        intake_seconds=histogram("intake_seconds", "From the last byte of a webhook to its answer", _FAST),
        fallbacks=counter("intake_fallbacks", "Deliveries put straight into the trail: Kafka did not acknowledge"),
        recorded=counter("events_recorded", "Events recorded in the trail, by verdict", "verdict"),
        dead=counter("records_dead", "Kafka records that were no valid event"),
        handled=counter("events_handled", "Events handled, by what became of them", "connection", "what"),
        handle_seconds=histogram("handle_seconds", "From taking a due event in hand to moving its work", _SLOW),
        documents=counter("documents_posted", "Documents proven in the books", "connection", "kind"),
        outcomes=counter("outcomes", "Outcomes of requests to Rutter", "connection", "outcome"),
        work=gauge("work", "Events by the state of their work", "connection", "state"),
        waiting=gauge("waiting", "Events that go by themselves, live and backfill", "connection", "lane"),
        forecast_seconds=gauge("forecast_seconds", "When the last of what waits will be in", "connection"),
        connections=gauge("connections", "Connections by state", "state"),
        outbox_waiting=gauge("outbox_waiting", "Outbox entries not yet in Kafka"),
        noticed=counter(
            "noticed", "Documents of ours found changed in the books, by what was done", "connection", "what"
        ),
        missed_wakes=counter("missed_wakes", "Holds that the sweep had to wake: should stay 0"),
    )
