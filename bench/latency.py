"""Idle latency: from the last byte of a webhook to the Rutter write, with nothing else to do, and everything linked."""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bench.figures import Figure, Goal, percentile
from bench.orders import FIRST, body, headers
from bench.parts import Parts
from bench.programs import ProgramError
from bench.rehearsal import Rehearsal, arrived, rehearse
from bench.scale import Scale
from bench.shop import PATH, furnish
from service.installation import TRAIL_FILE

_WARM_UP: Final = 10
_SETTLE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Running:
    """A service that takes webhooks and posts."""

    rehearsal: Rehearsal
    public: str


def measure(parts: Parts, scale: Scale, step: Callable[[str], None]) -> Iterator[Figure]:
    """With Kafka between a web and a worker process, and embedded in one."""
    for name, start, goals in (("kafka", _scaled, (25.0, 150.0)), ("embedded", _embedded, (None, None))):
        with ExitStack() as stack:
            step(f"latency {name}: {scale.latency_samples} webhooks, one at a time")
            taken = _samples(start(parts, stack), scale)
        for share, bound in zip((0.50, 0.99), goals, strict=True):
            value = percentile(taken, share) * 1000
            yield Figure(
                bench="latency",
                key=f"latency.{name}.p{share * 100:.0f}",
                what=f"{name}: webhook to Rutter write, p{share * 100:.0f}",
                unit="ms",
                measured=value,
                ceiling=None,
                ratio=None,
                goal=None if bound is None else Goal(sense="at most", bound=bound),
                rounds=(value,),
                note=f"{len(taken)} webhooks" if bound else "reported",
            )


def _samples(running: _Running, scale: Scale) -> list[float]:
    where = urlsplit(running.public)
    http_ = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    first = FIRST + 5_000_000
    for number in range(first, first + _WARM_UP):
        _send(http_, number)
        time.sleep(scale.latency_pause)
    running.rehearsal.invoices(_WARM_UP)
    time.sleep(_SETTLE_SECONDS)
    after = running.rehearsal.asked()
    sent: list[float] = []
    for number in range(first + _WARM_UP, first + _WARM_UP + scale.latency_samples):
        sent.append(_send(http_, number))
        time.sleep(scale.latency_pause)
    http_.close()
    written = sorted(arrived(one) for one in running.rehearsal.invoices(len(sent), after))
    if len(written) != len(sent):
        raise ProgramError(f"{len(sent)} webhooks became {len(written)} writes")
    return [at - begun for begun, at in zip(sent, written, strict=True)]


def _send(http_: http.client.HTTPConnection, number: int) -> float:
    """Send one order; answer when its last byte was handed to the system."""
    content = body(number)
    http_.request("POST", PATH, content, headers(content))
    at = time.time()
    answer = http_.getresponse()
    answer.read()
    if answer.status != 202:
        raise ProgramError(f"a webhook was answered {answer.status}")
    return at


def _scaled(parts: Parts, stack: ExitStack) -> _Running:
    where = parts.database(stack)
    rehearsal = rehearse(parts, stack)
    furnish(where, parts.keys, company=rehearsal.company, begin_at=parts.topic_ends())
    settings = {"LEDGERHOOK_DATABASE_URL": where, **rehearsal.environment}
    parts.service(stack, "worker", kafka=True, **settings).told()
    web = parts.service(stack, "web", kafka=True, **settings)
    return _Running(rehearsal, web.told()["public"])


def _embedded(parts: Parts, stack: ExitStack) -> _Running:
    data = parts.directory("up")
    rehearsal = rehearse(parts, stack)
    furnish(str(data / TRAIL_FILE), parts.keys, company=rehearsal.company)
    up = parts.service(stack, "web", "worker", kafka=False, LEDGERHOOK_DATA_DIR=str(data), **rehearsal.environment)
    return _Running(rehearsal, up.told()["public"])
