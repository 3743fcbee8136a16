"""Idempotency-Key: the first accepted request under a key decides its answer for ever.

Source: Rutter, Making idempotent requests.
"""

from dataclasses import dataclass

from sandbox.jobs import Job
from sandbox.switches import Switches

Scoped = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key is taken by a request that asked for something else."""


class Keys:
    """Which job each key belongs to."""

    def __init__(self) -> None:
        self._jobs: dict[Scoped, Job] = {}

    def find(self, scoped: Scoped, method: str, path: str, query: str, body: object) -> Job | Conflict | None:
        """The job accepted under this key for this same request; Conflict if it was another request; None if free."""
        job = self._jobs.get(scoped)
        if job is None:
            return None
        same = (job.method, job.path, job.query, job.body) == (method, path, query, body)
        return job if same else Conflict()

    def claim(self, scoped: Scoped, job: Job) -> None:
        """Bind the key to the job, which was just accepted."""
        self._jobs.setdefault(scoped, job)


def scope(switches: Switches, key: str, connection_id: str, method: str, path: str) -> Scoped:
    """The key with whatever it is unique within."""
    match switches.idempotency_scope:
        case "organisation":
            return key, ""
        case "connection":
            return key, connection_id
        case "endpoint":
            return key, f"{connection_id} {method} {path}"
