"""Faults that a rehearsal asks for: which calls they strike, how often, and what they do."""

from dataclasses import dataclass, fields
from typing import Literal, get_args

from sandbox.exact import Json

KindOfFault = Literal[
    "timeout_before",
    "timeout_after",
    "error_before",
    "error_after",
    "429",
    "450",
    "452",
    "stay_pending",
    "latency",
    "needs_update",
    "disabled",
]
_KINDS: tuple[str, ...] = get_args(KindOfFault)
# These act on what a write did; a read has nothing to strike.
WRITES_ONLY = frozenset({"450", "stay_pending"})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One planted fault. `times` None strikes for ever; `skip` lets that many matching calls pass first.

    `seconds`: how long a time-out holds the socket before cutting it (0 cuts at once), how much latency is added, or
    after how long a pending job is released (None: when asked to). `remember` "error" makes an `error_after` the stored
    outcome although the document was made. `job_header` puts X-Rutter-Job-ID on the answer of an `error_after`.
    """

    kind: KindOfFault
    method: str | None = None
    endpoint: str | None = None
    connection_id: str | None = None
    times: int | None = 1
    skip: int = 0
    status: int | None = None
    seconds: float | None = None
    release: Literal["apply", "fail"] = "apply"
    remember: Literal["success", "error"] = "success"
    job_header: bool = False
    passed: int = 0
    fired: int = 0

    def strikes(self, method: str, path: str, names: tuple[str, ...], connection_id: str | None) -> bool:
        """Whether this call is one of those meant, counting it if so."""
        if self.times is not None and self.fired >= self.times:
            return False
        if self.method is not None and self.method != method:
            return False
        if self.connection_id is not None and self.connection_id != connection_id:
            return False
        if self.endpoint is not None and self.endpoint not in names and not _under(path, self.endpoint):
            return False
        if method == "GET" and self.kind in WRITES_ONLY:
            return False
        if self.passed < self.skip:
            self.passed += 1
            return False
        self.fired += 1
        return True

    def shown(self) -> Json:
        """As `GET /_sandbox/faults` tells it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _under(path: str, prefix: str) -> bool:
    return prefix.startswith("/") and (path.startswith(prefix) or f"/versioned{prefix}" in path)


@dataclass(frozen=True, slots=True)
class Strike:
    """What befalls one call: seconds of added latency, and at most one fault."""

    latency: float = 0.0
    fault: Fault | None = None


NOTHING = Strike()


class Faults:
    """The planted faults, oldest first. A call meets every latency that matches and the first other fault."""

    def __init__(self) -> None:
        self.planted: list[Fault] = []

    def strike(self, method: str, path: str, names: tuple[str, ...], connection_id: str | None) -> Strike:
        """What befalls this call."""
        if not self.planted:
            return NOTHING
        latency, struck = 0.0, None
        for fault in self.planted:
            if fault.kind != "latency" and struck is not None:
                continue
            if not fault.strikes(method, path, names, connection_id):
                continue
            if fault.kind == "latency":
                latency += fault.seconds or 0.0
            else:
                struck = fault
        return Strike(latency, struck)


_TEXTS = ("method", "endpoint", "connection_id")
_COUNTS = ("times", "skip", "status")


def read_fault(asked: Json) -> Fault | str:
    """A fault from a control request, or the line that says what is wrong with it."""
    settable = {field.name for field in fields(Fault)} - {"passed", "fired"}
    unknown = set(asked) - settable
    if unknown:
        return f"no such fault field: {', '.join(sorted(unknown))}; there are {', '.join(sorted(settable))}"
    if str(asked.get("kind")) not in _KINDS:
        return f"kind: expected one of {', '.join(_KINDS)}"
    for name in _TEXTS:
        if not isinstance(asked.get(name), (str, type(None))):
            return f"{name}: expected a string"
    for name in _COUNTS:
        value = asked.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            return f"{name}: expected a whole number of at least 0"
    for name, allowed in (("release", ("apply", "fail")), ("remember", ("success", "error"))):
        if asked.get(name, allowed[0]) not in allowed:
            return f"{name}: expected {' or '.join(allowed)}"
    try:
        seconds = None if asked.get("seconds") is None else float(asked["seconds"])
    except (TypeError, ValueError):
        return "seconds: expected a number"
    method = asked.get("method")
    ready = {**asked, "kind": str(asked["kind"]), "seconds": seconds, "skip": asked.get("skip") or 0}
    return Fault(**{**ready, "method": method.upper() if method else None})
