"""What was asked of the sandbox, newest last; bounded, tokens masked."""

from collections import deque
from dataclasses import asdict, dataclass

from sandbox.exact import Json

KEPT = 200_000


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


class RequestsLog:
    """The last requests and how many there were in all."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: deque[Asked] = deque(maxlen=KEPT)

    def add(self, asked: Asked) -> None:
        """Remember one request."""
        self.total += 1
        self._kept.append(asked)

    def shown(self, method: str | None, prefix: str | None, after: int) -> list[Json]:
        """Requests with this method under this path prefix, from number `after` on."""
        first = self.total - len(self._kept)
        return [
            {"number": first + index, **asdict(one)}
            for index, one in enumerate(self._kept)
            if first + index >= after
            and (method is None or one.method == method)
            and (prefix is None or one.path.startswith(prefix))
        ]
