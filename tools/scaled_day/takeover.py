"""A worker dies while a write of its is sent and unanswered: who it was, who goes on, after how long, with which key.

The sandbox carries the write out and keeps the answer to itself; the worker gets SIGKILL; what then becomes of the
write is read in PostgreSQL and in the sandbox's books.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tools.scaled_day.processes import Role
from tools.scaled_day.sandbox_process import Sandbox
from tools.scaled_day.trail_look import Lease, Sent, TrailLook

Found = TypeVar("Found")

FAULT: Final = "timeout_after"
HOLD_SECONDS: Final = 300
SKIP: Final = 8
"""Invoices that are answered before: a day is under way, and the connection's first taxed document is proved."""
SENT_WITHIN: Final = 60.0
RESOLVED_WITHIN: Final = 150.0
"""The lease ends within 15 s; the write is sent again once the first attempt's 45 s are over."""
LOOK_EVERY: Final = 0.1


class NotSeenError(RuntimeError):
    """What the run is there to show did not happen in time."""


@dataclass(frozen=True, slots=True)
class Killed:
    """The worker at its death. `others`: further writes of its that had no answer yet."""

    role: str
    pid: int
    lease: Lease
    write: Sent
    others: tuple[Sent, ...]
    at: float


@dataclass(frozen=True, slots=True)
class Takeover:
    """What came after. Seconds count from the kill; `requests`: POSTs with the write's key at the sandbox."""

    killed: Killed
    role: str
    lease: Lease
    taken_after: float
    resolved: Sent
    resolved_after: float
    requests: int
    in_the_books: int

    @property
    def problems(self) -> tuple[str, ...]:
        """Why this is not a clean takeover."""
        before, after = self.killed.write, self.resolved
        found = []
        if after.idempotency_key != before.idempotency_key or after.revision != before.revision:
            found.append(f"{before.key} was sent again under another key")
        if after.state != "written" or after.attempt <= before.attempt or self.requests < 2:
            found.append(f"{before.key} was not sent again and proven, but is {after.state} at attempt {after.attempt}")
        if self.in_the_books != 1:
            found.append(f"{before.key} is {self.in_the_books} times in the books")
        if self.lease.token <= self.killed.lease.token:
            found.append("the lease was not taken over")
        return tuple(found)


async def plant(sandbox: Sandbox, connection_id: str) -> None:
    """One invoice of this connection shall be made, and nobody told."""
    await sandbox.plant(
        kind=FAULT, method="POST", endpoint="invoices", connection_id=connection_id, skip=SKIP, seconds=HOLD_SECONDS
    )


async def kill_and_watch(
    sandbox: Sandbox, look: TrailLook, workers: Mapping[int, Role], alias: str, say: Callable[[str], None]
) -> Takeover:
    """Wait for the write, kill its worker, watch the others.

    Raises:
        NotSeenError: no such write was sent, nobody took over, or the write is still open.
    """
    killed = await _kill(sandbox, look, workers, alias)
    say(f"write {killed.write.key} of {alias}: sent {killed.write.sent_at:%H:%M:%S.%f}, made in the books, unanswered")
    say(f"      Idempotency-Key {killed.write.idempotency_key}, attempt {killed.write.attempt}")
    say(f"killed {killed.role} (process {killed.pid}, lease token {killed.lease.token}) with SIGKILL")
    lease = await _until(lambda: _taken(look, alias, killed), RESOLVED_WITHIN, f"nobody took {alias} over")
    taken_after = time.monotonic() - killed.at
    role = workers[pid_of(lease)].name
    say(f"{role} took {alias} over (lease token {lease.token}) {taken_after:.1f} s after the kill")
    key = killed.write.idempotency_key
    resolved = await _until(lambda: _answered(look, key), RESOLVED_WITHIN, f"{killed.write.key} is still open")
    resolved_after = time.monotonic() - killed.at
    say(f"write {resolved.key}: {resolved.state} under the same key at attempt {resolved.attempt}, "
        f"{resolved_after:.1f} s after the kill")  # fmt: skip
    documents: list[dict[str, Any]] = (await sandbox.books())["documents"]
    return Takeover(
        killed=killed,
        role=role,
        lease=lease,
        taken_after=taken_after,
        resolved=resolved,
        resolved_after=resolved_after,
        requests=sum(post["idempotency_key"] == key for post in await sandbox.posts("/accounting/invoices")),
        in_the_books=sum(document["idempotency_key"] == key for document in documents),
    )


async def _kill(sandbox: Sandbox, look: TrailLook, workers: Mapping[int, Role], alias: str) -> Killed:
    deadline = time.monotonic() + SENT_WITHIN
    while time.monotonic() < deadline:
        struck = [one for one in await sandbox.posts("/accounting/invoices") if one["fault"] == FAULT]
        write = look.write(struck[0]["idempotency_key"]) if struck else None
        if write is not None and write.state == "sent":
            lease = look.lease(alias)
            role = workers[pid_of(lease)]
            role.child.kill()
            at = time.monotonic()
            others = tuple(one for one in look.unanswered(alias) if one.key != write.key)
            return Killed(role.name, pid_of(lease), lease, write, others, at)
        await asyncio.sleep(LOOK_EVERY)
    raise NotSeenError(f"no invoice of {alias} was sent and left unanswered within {SENT_WITHIN:.0f} s")


def _taken(look: TrailLook, alias: str, killed: Killed) -> Lease | None:
    lease = look.lease(alias)
    return lease if lease.owner not in (None, killed.lease.owner) else None


def _answered(look: TrailLook, idempotency_key: str) -> Sent | None:
    write = look.write(idempotency_key)
    return write if write is not None and write.state in ("written", "different", "refused") else None


def pid_of(lease: Lease) -> int:
    """An owner is written host-pid-chance."""
    return int((lease.owner or "-0-").rsplit("-", 2)[1])


async def _until(look: Callable[[], Found | None], seconds: float, else_say: str) -> Found:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        await asyncio.sleep(LOOK_EVERY)
    raise NotSeenError(f"{else_say} after {seconds:.0f} s")
