"""One request, from its bytes to its answer: verify, translate, seal, make durable; only then 202."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, assert_never

from consumers.intake import Accepted, DeliveryStatus
from consumers.ports import Callbacks
from handlers.registry import HANDLERS, read
from schemas.deliveries import (
    BooksChanged,
    ConnectionMoved,
    Delivery,
    Ignored,
    JobCompleted,
    ListChanged,
    NoMessage,
    Refused,
    Told,
    Translation,
    Unreadable,
)
from schemas.sources import Source
from service.deadlines import Deadline
from service.logs import say, warn
from service.metrics import Metrics
from service.sealing import KeyRing, seal_delivery
from service.web import answers
from service.web.answers import Answer
from service.web.delivery_id import CHANCE_BYTES, delivery_id
from service.web.durable import Durable, Route
from service.web.sources import Sources

ANSWER_SECONDS: Final = 4.0
"""From the last byte of a request to its answer. Shopify, the least patient sender, waits 5 s."""
RUTTER: Final = "rutter"
_NOT_KEPT: Final = frozenset({"authorization", "cookie", "proxy-authorization"})

RawHeaders = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Chance:
    """Time and randomness, as a test may want to give them."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    random: Callable[[int], bytes] = os.urandom
    monotonic: Callable[[], float] = time.perf_counter


class Intake:
    """The way in, without HTTP."""

    def __init__(
        self,
        sources: Sources,
        durable: Durable,
        callbacks: Callbacks,
        keys: KeyRing,
        metrics: Metrics,
        *,
        chance: Chance | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        """`durable` is where deliveries go; `callbacks` what Rutter's own move."""
        self.sources: Final = sources
        self.metrics: Final = metrics
        self._durable = durable
        self._callbacks = callbacks
        self._keys = keys
        self._chance = chance or Chance()
        self._answer_by = Deadline(answer_seconds)

    async def accept(self, source_name: str, headers: RawHeaders, body: bytes) -> Answer:
        """The answer to one request. Nothing is answered 2xx that would not survive this process."""
        began = self._chance.monotonic()
        try:
            with self._answer_by.begun():
                answer = await self._accept(source_name, headers, body, began)
        except Exception as error:  # noqa: BLE001  # whatever kept it from being stored, the sender must send it again
            warn("delivery.refused", source=_label(source_name), reason="not durable", error=type(error).__name__)
            answer = answers.NOT_DURABLE
        self.metrics.intake_seconds.observe(self._chance.monotonic() - began)
        return answer

    async def _accept(self, source_name: str, headers: RawHeaders, body: bytes, began: float) -> Answer:
        source = self.sources.known(source_name) or await self.sources.named(source_name)
        if source is None:
            self._refused("unknown", "unknown source")
            return answers.UNKNOWN_SOURCE
        if source == "unread":
            self._refused("unknown", "sources cannot be read")
            return answers.SOURCES_UNREAD
        now = self._chance.now()
        delivery = Delivery(
            id=delivery_id(now, self._chance.random(CHANCE_BYTES)),
            source=source.name,
            received_at=now,
            headers=_by_name(headers),
            body=body,
        )
        told = _read(delivery, source, now)
        if isinstance(told, Refused):
            self._refused(source.name, told.reason.value)
            return answers.REFUSED
        if isinstance(told, NoMessage):
            self._refused(source.name, "no message")
            return answers.NO_MESSAGE
        return await self._keep(delivery, source, told, began)

    async def _keep(self, delivery: Delivery, source: Source, told: Translation, began: float) -> Answer:
        if isinstance(told, ConnectionMoved):
            await self._callbacks.connection_moved(told)
        elif isinstance(told, JobCompleted):
            await self._callbacks.job_completed(told.job_id)
        elif isinstance(told, BooksChanged):
            await self._callbacks.books_changed(told)
        elif isinstance(told, ListChanged):
            await self._callbacks.list_changed(told)
        kept = self._accepted(delivery, source, told)
        route = await self._durable.keep(kept)
        self._say_taken(kept, route, told, began)
        # Rutter's own callbacks are documented to expect 200.
        return answers.CALLBACK_TAKEN if source.kind == "rutter" else answers.taken(kept.id)

    def _accepted(self, delivery: Delivery, source: Source, told: Translation) -> Accepted:
        status, reason, path = _status(told)
        headers = {name: value for name, value in delivery.headers.items() if name not in _NOT_KEPT}
        return Accepted(
            id=delivery.id,
            source=source.name,
            connection=source.connection,
            received_at=delivery.received_at,
            status=status,
            reason=reason,
            path=path,
            sealed=seal_delivery(self._keys, delivery.id, headers, delivery.body),
            events=told.events if isinstance(told, Told) else (),
        )

    def _refused(self, source: str, reason: str) -> None:
        self.metrics.refused.labels(source, reason).inc()
        warn("delivery.refused", source=source, reason=reason)

    def _say_taken(self, kept: Accepted, route: Route, told: Translation, began: float) -> None:
        self.metrics.deliveries.labels(kept.source, kept.status.value).inc()
        say(
            "delivery.accepted",
            delivery=kept.id,
            source=kept.source,
            connection=kept.connection,
            status=kept.status.value,
            route=route.value,
            events=len(kept.events),
            about=", ".join(event.key for event in kept.events[:3]) or None,
            reason=kept.reason,
            path=kept.path,
            notes="; ".join(told.notes) if isinstance(told, Told) and told.notes else None,
            ms=round((self._chance.monotonic() - began) * 1000, 1),
        )


def _read(delivery: Delivery, source: Source, now: datetime) -> Refused | Translation:
    """As `handlers.registry.read`, and a bug in it parks this delivery rather than sending it back for days."""
    try:
        return read(delivery, source, now)
    except Exception as error:  # noqa: BLE001  # a bug of ours must not cost the sender its delivery
        verified = HANDLERS[source.kind].verify(delivery, source, now)
        return verified if isinstance(verified, Refused) else Unreadable("$", f"a bug of ours: {type(error).__name__}")


def _status(told: Translation) -> tuple[DeliveryStatus, str | None, str | None]:
    match told:
        case Told():
            problem = told.problem
            return (DeliveryStatus.TOLD, None, None) if problem is None else _status(problem)
        case Ignored(reason):
            return DeliveryStatus.IGNORED, reason, None
        case Unreadable(path, reason):
            return DeliveryStatus.UNREADABLE, reason, path
        case ConnectionMoved(_, move):
            return DeliveryStatus.TOLD, f"connection {move}", None
        case JobCompleted():
            return DeliveryStatus.TOLD, "job completed", None
        case BooksChanged(object=object_, what=what):
            return DeliveryStatus.TOLD, f"{object_.replace('_', ' ')} {what} in the books", None
        case ListChanged(object=object_):
            return DeliveryStatus.TOLD, f"the list of {object_.replace('_', ' ')} entries changed in the books", None
        case NoMessage():
            raise TypeError("bytes that are no message are not kept")
        case _:
            assert_never(told)


def _by_name(headers: RawHeaders) -> dict[str, str]:
    """Lower-case names (the server gives them so); what came several times is joined as HTTP says (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for raw, value in headers:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def _label(source_name: str) -> str:
    return source_name[:60]
