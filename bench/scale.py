"""How large a run is: the full one gives figures, the tiny one only shows that every bench still runs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Seconds of load, numbers of events, and rounds in which ceiling and subject take turns."""

    rounds: int
    load_seconds: float
    warm_up_seconds: float
    connections: int
    inbox_events: int
    posted_documents: int
    replayed_events: int
    latency_samples: int
    latency_pause: float
    backfilled_orders: int
    live_pause: float


FULL: Final = Scale(
    rounds=3,
    load_seconds=4.0,
    warm_up_seconds=2.0,
    connections=64,
    inbox_events=12_000,
    posted_documents=640,
    replayed_events=1_500,
    latency_samples=150,
    latency_pause=0.08,
    backfilled_orders=10_000,
    live_pause=0.25,
)
TINY: Final = Scale(
    rounds=1,
    load_seconds=0.3,
    warm_up_seconds=0.1,
    connections=4,
    inbox_events=100,
    posted_documents=32,
    replayed_events=20,
    latency_samples=5,
    latency_pause=0.05,
    backfilled_orders=100,
    live_pause=0.1,
)
