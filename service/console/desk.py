"""What the admin listener needs from the rest of the service, handed in when it is built."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from service.connecting.linking import Linking
from service.console.attaching import AttachDesk
from service.metrics import Metrics
from service.sealing import KeyRing

T = TypeVar("T")


class TrailDoor(Protocol):
    """The trail, as far as the console asks it: `service.trail.database.Trail` fits."""

    async def run(self, f: Callable[[Connection], T]) -> T:
        """Run `f` in a transaction of its own."""
        ...

    async def read(self, f: Callable[[Connection], T]) -> T:
        """Run `f`, which only reads, beside the writer."""
        ...


Check = Callable[[], Awaitable[str | None]]
"""One condition of readiness: None while it holds, else one line that says what is wrong (no secrets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsk:
    """Which kept deliveries to read again. What is None does not narrow it down; at least one is given."""

    delivery: str | None = None
    order: str | None = None
    source: str | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAnswer:
    """What was read again: deliveries, the events they told, and those by verdict (`new`, `duplicate` …)."""

    deliveries: int
    events: int
    verdicts: Mapping[str, int] = field(default_factory=dict)


Replay = Callable[[ReplayAsk], Awaitable[ReplayAnswer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDesk:
    """Connecting books. `public_key` None: only links to send; `url`: where Rutter Link's window comes from."""

    linking: Linking
    public_key: str | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminDesk:
    """`public_url`: how senders reach the webhook listener, None when nobody said. `checks`: readiness, by name.

    `replay` None: this process cannot replay (it has no intake). `link` None: Rutter's credentials are not set.
    `attach` None: it takes no files.
    """

    trail: TrailDoor
    keys: KeyRing = field(repr=False)
    admin_token: str = field(repr=False)
    metrics: Metrics
    now: Callable[[], datetime]
    public_url: str | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    replay: Replay | None = None
    link: LinkDesk | None = None
    attach: AttachDesk | None = None
