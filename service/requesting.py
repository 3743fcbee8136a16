"""Recording what a person asks for: it is due at once, and a worker sees to it as to any event."""

import os
from collections.abc import Sequence
from datetime import datetime

from consumers.intake import Accepted, DeliveryStatus, Verdict
from consumers.requests import NAMESPACE
from schemas.events import Event
from service.configuration.curing import RunsInTheTrail
from service.trail.recording import record
from service.web.delivery_id import CHANCE_BYTES, delivery_id


async def request(trail: RunsInTheTrail, events: Sequence[Event], now: datetime) -> tuple[Verdict, ...]:
    """Record events of one connection as one delivery of our own; a verdict each.

    Raises:
        ValueError: no events, or of several connections.
    """
    (connection,) = {event.connection for event in events}
    told = Accepted(
        id=delivery_id(now, os.urandom(CHANCE_BYTES)),
        source=NAMESPACE,
        connection=connection,
        received_at=now,
        status=DeliveryStatus.TOLD,
        events=tuple(events),
    )
    (verdicts,) = await trail.run(lambda c: record(c, [told], (), now))
    return verdicts
