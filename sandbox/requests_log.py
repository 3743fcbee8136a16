"""What was asked of the sandbox, newest last; bounded, tokens masked."""

import re
from collections import Counter, deque
from dataclasses import asdict, dataclass

from sandbox.exact import Json

KEPT = 200_000
_IDS = re.compile(r"/(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+)(?=/|$)")


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request. `status` is None when the connection was cut; `reason` is the sandbox's own word for why."""

    time: str
    method: str
    path: str
    query: str
    status: int | None = None
    connection_id: str | None = None
    idempotency_key: str | None = None
    job_id: str | None = None
    fault: str | None = None
    reason: str | None = None
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which requests are meant: all when nothing is said. `after` is a request's number, itself included."""

    method: str | None = None
    path: str | None = None
    connection_id: str | None = None
    after: int = 0

    def fits(self, one: Asked) -> bool:
        """Whether a request has this method, this path prefix and this connection."""
        return (
            self.method in (None, one.method)
            and (self.path is None or one.path.startswith(self.path))
            and self.connection_id in (None, one.connection_id)
        )


class RequestsLog:
    """The last requests and how many there were in all."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: deque[Asked] = deque(maxlen=KEPT)

    def add(self, asked: Asked) -> None:
        """Remember one request."""
        self.total += 1
        self._kept.append(asked)

    def shown(self, only: Only) -> list[Json]:
        """The requests meant, oldest first."""
        first = self.total - len(self._kept)
        return [
            {"number": first + index, **asdict(one)}
            for index, one in enumerate(self._kept)
            if first + index >= only.after and only.fits(one)
        ]

    def summary(self, only: Only) -> list[Json]:
        """How often each endpoint was asked, ids written `{id}`, and with what statuses (`cut` without an answer)."""
        counts: dict[tuple[str, str], Counter[str]] = {}
        for one in self.shown(only):
            endpoint = one["method"], _IDS.sub("/{id}", one["path"])
            status = "cut" if one["status"] is None else str(one["status"])
            counts.setdefault(endpoint, Counter())[status] += 1
        return [
            {"method": method, "endpoint": endpoint, "count": statuses.total(), "statuses": dict(statuses)}
            for (method, endpoint), statuses in sorted(counts.items())
        ]
