"""The sandbox beside the service: what it was asked, and how fast it answers."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bench.parts import Parts
from bench.programs import ProgramError
from bench.shop import Company, found

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A sandbox with one company, and where its requests begin to interest us."""

    company: Company

    @property
    def environment(self) -> dict[str, str]:
        """The setting that points the service at it."""
        return {"LEDGERHOOK_RUTTER_BASE_URL": f"{self.company.url}/versioned"}

    def latency(self, seconds: float) -> None:
        """How long every write takes from now on."""
        self._post("switches", {"latency": seconds})

    def asked(self) -> int:
        """How many requests there were so far."""
        total: int = self._get("after=9999999")["total"]
        return total

    def posts(self, after: int = 0, path: str = "") -> list[dict[str, Any]]:
        """Writes under the path, from that request on."""
        shown: list[dict[str, Any]] = self._get(f"method=POST&path={path}&after={after}")["requests"]
        return shown

    def invoices(self, count: int, after: int = 0, seconds: float = 120) -> list[dict[str, Any]]:
        """The writes of invoices, once there are so many and all are answered.

        Raises:
            ProgramError: there are not so many in time.
        """
        deadline = time.monotonic() + seconds
        made: list[dict[str, Any]] = []
        while time.monotonic() < deadline:
            made = self.posts(after, "/accounting/invoices")
            if len(made) >= count and all(one["status"] for one in made):
                return made
            time.sleep(_POLL_SECONDS)
        raise ProgramError(f"{len(made)} of {count} invoices were written in {seconds:g} s")

    def _post(self, control: str, body: dict[str, Any]) -> None:
        httpx.post(f"{self.company.url}/_sandbox/{control}", json=body, trust_env=False).raise_for_status()

    def _get(self, query: str) -> dict[str, Any]:
        url = f"{self.company.url}/_sandbox/requests?{query}"
        shown: dict[str, Any] = httpx.get(url, trust_env=False, timeout=30).raise_for_status().json()
        return shown


def arrived(request: dict[str, Any]) -> float:
    """When the sandbox had a request in hand, Unix seconds. It writes milliseconds, cut off; here rounded up."""
    return datetime.fromisoformat(request["time"]).timestamp() + 0.001


def rehearse(parts: Parts, stack: ExitStack) -> Rehearsal:
    """Start a sandbox for as long as `stack` lives, and found a company in it."""
    sandbox = parts.program(stack, "bench.subjects.books")
    return Rehearsal(found(sandbox.told()["url"]))
