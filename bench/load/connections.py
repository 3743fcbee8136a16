"""Keep-alive connections that send requests made beforehand and count answers, doing as little as can be."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to, over how many connections, for how long."""

    host: str
    port: int
    connections: int
    seconds: float


@dataclass(slots=True)
class Tally:
    """What came of the requests. Latencies in seconds, in the order of the answers."""

    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One connection, one request at a time; `free` is called when the answer is whole."""

    def __init__(self, tally: Tally, free: Callable[["Connection"], None]) -> None:
        self._tally = tally
        self._free = free
        self._transport: asyncio.Transport | None = None
        self._read = b""
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.statuses["lost" if exc else "closed"] += 1

    def send(self, request: bytes, since: float) -> None:
        """Write the whole request; its latency counts from `since`."""
        if self._transport is None:
            raise RuntimeError("not connected")
        self._since = since
        self._transport.write(request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        read = self._read + data if self._read else data
        end = read.find(b"\r\n\r\n")
        said = _LENGTH.search(read, 0, end) if end >= 0 else None
        if end < 0 or (said is not None and len(read) < end + 4 + int(said[1])):
            self._read = read
            return
        self._read = b""
        self._tally.latencies.append(time.perf_counter() - self._since)
        self._tally.statuses[read[9:12].decode()] += 1
        self._free(self)


async def as_fast_as_answered(target: Target, requests: Iterator[bytes]) -> tuple[Tally, float]:
    """Closed loop: every connection sends its next request as soon as the last is answered. Answers seconds taken."""
    tally, all_done = Tally(), asyncio.Event()
    until = float("inf")
    busy = 0

    def free(connection: Connection) -> None:
        nonlocal busy
        now = time.perf_counter()
        request = next(requests, None) if now < until else None
        if request is not None:
            connection.send(request, now)
            return
        busy -= 1
        if busy == 0:
            all_done.set()

    made = await _connect(target, tally, free)
    began = time.perf_counter()
    until = began + target.seconds
    busy = len(made)
    for connection in made:
        busy += 1
        free(connection)
        busy -= 1
    await asyncio.wait_for(all_done.wait(), target.seconds + 30)
    took = time.perf_counter() - began
    return _closed(made, tally), took


async def at_a_rate(target: Target, requests: Iterator[bytes], rate: float) -> tuple[Tally, float]:
    """Open loop: requests come when they come, whether or not earlier ones are answered; waiting counts as latency."""
    tally, idle = Tally(), deque[Connection]()
    waiting: deque[float] = deque()

    def free(connection: Connection) -> None:
        if waiting and (request := next(requests, None)) is not None:
            connection.send(request, waiting.popleft())
        else:
            idle.append(connection)

    made = await _connect(target, tally, free)
    idle.extend(made)
    began = time.perf_counter()
    for number in range(int(rate * target.seconds)):
        meant = began + number / rate
        ahead = meant - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        waiting.append(time.perf_counter())  # not `meant`: our own timer's millisecond is not the server's
        if idle:
            free(idle.popleft())
    deadline = time.perf_counter() + 30
    # An event to wait for would cost every answer a test.
    while len(idle) < len(made) and time.perf_counter() < deadline:  # noqa: ASYNC110 - as said
        await asyncio.sleep(0.005)
    return _closed(made, tally), target.seconds


async def _connect(target: Target, tally: Tally, free: Callable[[Connection], None]) -> list[Connection]:
    loop = asyncio.get_running_loop()
    made: list[Connection] = []
    for _ in range(target.connections):
        _, connection = await loop.create_connection(lambda: Connection(tally, free), target.host, target.port)
        made.append(connection)
    return made


def _closed(made: list[Connection], tally: Tally) -> Tally:
    """The tally before our own closing adds to it."""
    whole = Tally(Counter(tally.statuses), tally.latencies)
    for connection in made:
        connection.close()
    return whole
