"""Driving the load generator at a server, and reading the server's CPU time around it."""

import json
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.parts import Parts
from bench.programs import Program, ProgramError
from bench.webhooks import Kind

_MOST_A_SECOND = 4_000
"""Distinct requests signed beforehand for each second of load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One load as it was. `cpu`: of the server, a request; times in seconds."""

    a_second: float
    cpu: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server under load. `repeats`: it does not care if a request comes twice."""

    program: Program
    url: str
    repeats: bool
    kind: Kind = "stripe"


class Generator:
    """The load generator's process, for as long as `stack` lives."""

    def __init__(self, parts: Parts, stack: ExitStack) -> None:
        self._program = parts.program(stack, "bench.load")

    def load(self, server: Server, seconds: float, connections: int, rate: float | None = None) -> Load:
        """Load the server for so long; at a rate, or as fast as it answers.

        Raises:
            ProgramError: not every answer was 202.
        """
        where = urlsplit(server.url)
        most = _MOST_A_SECOND if rate is None else rate
        self._program.tell(
            json.dumps(
                {
                    "target": {
                        "host": where.hostname,
                        "port": where.port,
                        "connections": connections,
                        "seconds": seconds,
                    },
                    "kind": server.kind,
                    "rate": rate,
                    "count": int(most * seconds) + connections,
                    "repeat": server.repeats,
                }
            )
        )
        self._program.told()
        before = server.program.cpu_seconds()
        self._program.tell("go")
        told = self._program.told(seconds + 60)
        cpu = server.program.cpu_seconds() - before
        answered = told["statuses"].get("202", 0)
        if told["statuses"].keys() != {"202"}:
            raise ProgramError(f"not every request was taken: {told['statuses']}")
        return Load(a_second=answered / told["seconds"], cpu=cpu / answered, p50=told["p50"], p99=told["p99"])
