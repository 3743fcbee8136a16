"""The job behind every accepted write (Rutter: Asynchronous operations; Making idempotent requests)."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from sandbox.exact import Json

Status = Literal["pending", "success", "failure"]


@dataclass(slots=True, kw_only=True)
class Job:
    """One accepted write. `detached` once a caller was answered with the async form instead of the outcome."""

    id: str
    connection_id: str
    method: str
    path: str
    query: str
    body: object
    idempotency_key: str | None
    base_url: str
    status: Status = "pending"
    http_status: int = 0
    answer: bytes = b""
    reason: str | None = None
    detached: bool = False
    waiting: list[asyncio.Event] = field(default_factory=list)

    def finish(self, http_status: int, answer: bytes, reason: str | None) -> None:
        """Store the outcome for good and wake whoever waits for it."""
        self.status = "success" if http_status < 300 else "failure"
        self.http_status = http_status
        self.answer = answer
        self.reason = reason
        for event in self.waiting:
            event.set()
        self.waiting.clear()

    async def wait(self, seconds: float) -> bool:
        """Whether the job finished within these seconds."""
        if self.status != "pending":
            return True
        event = asyncio.Event()
        self.waiting.append(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def request(self) -> Json:
        """What was asked. The URL echoes the access token, as Rutter's does."""
        return {
            "method": self.method,
            "url": f"{self.base_url}{self.path}?{self.query}",
            "body": self.body,
            "idempotency_key": self.idempotency_key,
        }
