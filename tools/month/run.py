"""The month through the real service, embedded: week by week, the books closed and edited in between; then audited."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
from pydantic import SecretStr

from sandbox.day import signing
from sandbox.day.tellings import Telling
from sandbox.month.audit import Audit, Report, Waiting, audit
from sandbox.month.generate import Month
from sandbox.month.reckoning import Named, Reckoning
from sandbox.month.reference import reckon
from sandbox.server import Sandbox, running_sandbox
from service.cli.demonstration.watch import UnsettledError, settled
from service.installation import Incomplete, installation
from service.running import Role, Running
from service.running import run as run_service
from service.settings import Settings
from tools.month.edits import edit
from tools.month.looking import books_of, moving_in, to_be_noticed, waiting_in
from tools.month.stage import SENDERS, Company, StageError, control, declare_all, found

AT_ONCE: Final = 12
PATIENCE: Final = 600.0
"""Seconds a week may take until nothing moves: an answer that was lost is looked for after minutes."""
NOTICING: Final = 40.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The audit, and what the run came to."""

    month: Month
    expected: Reckoning
    audit: Audit
    waiting: Waiting
    books: Report
    words: dict[Named, str]
    statuses: Counter[int]
    edited: dict[str, str]
    """Person's edit -> what the sandbox says when it would not be done."""
    writes: dict[str, int]
    unsettled: tuple[str, ...]
    seconds: float


async def play(
    month: Month, say: Say, *, closing: bool = True, files_host: str | None = None, patience: float = PATIENCE
) -> Result:
    """The whole month. What still moves after `patience` seconds is told, and the month goes on.

    Raises:
        StageError: the sandbox would not do what the month needs.
    """
    with tempfile.TemporaryDirectory(prefix="ledgerhook-month-") as room:
        async with running_sandbox() as sandbox:
            stop, started = asyncio.Event(), asyncio.get_running_loop().create_future()
            here = installation(_settings(sandbox, Path(room), files_host), create=True)
            if isinstance(here, Incomplete):
                raise StageError(here.line)
            service = asyncio.create_task(run_service(here, frozenset(Role), started.set_result, stop))
            waits: set[asyncio.Future[None]] = {service, started}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if service.done():
                service.result()
            try:
                one = _Play(month, sandbox, started.result(), say, closing=closing, patience=patience)
                return await one.whole()
            finally:
                stop.set()
                await service


def _settings(sandbox: Sandbox, room: Path, files_host: str | None) -> Settings:
    asked: dict[str, object] = {
        "data_dir": room,
        "rutter_base_url": sandbox.base_url,
        "rutter_client_id": sandbox.settings.client_id,
        "rutter_client_secret": SecretStr(sandbox.settings.client_secret),
        "public_port": 0,
        "admin_port": 0,
    }
    if files_host is not None and "attachment_hosts" in Settings.model_fields:
        asked["attachment_hosts"] = files_host
    return Settings.model_validate(asked)


class _Play:
    """One run."""

    def __init__(
        self, month: Month, sandbox: Sandbox, running: Running, say: Say, *, closing: bool, patience: float
    ) -> None:
        self._month = month
        self._sandbox = sandbox
        self._running = running
        self._say = say
        self._closing = closing
        self._patience = patience
        self._unsettled: list[str] = []
        self._statuses: Counter[int] = Counter()
        self._edited: dict[str, str] = {}

    async def whole(self) -> Result:
        begun = time.monotonic()
        credentials = (self._sandbox.settings.client_id, self._sandbox.settings.client_secret)
        expected = reckon(self._month, closing=self._closing)
        async with httpx.AsyncClient(base_url=self._sandbox.url, auth=credentials, timeout=60) as http:
            company = await found(http, self._month.merchant, f"{self._running.public_url}/webhooks/rutter")
            await declare_all(self._running.trail, self._month.merchant, company)
            for week, tellings in enumerate(self._month.weeks, start=1):
                if week > 2:
                    await self._between(http, company, expected, week)
                await self._tell(tellings)
                await self._settled()
                self._say(f"week {week}: {len(tellings)} tellings, {time.monotonic() - begun:.1f} s")
            books = await books_of(http, company)
            summary = (await http.get("/_sandbox/requests", params={"summary": "1"})).json()["summary"]
        waiting, words = await waiting_in(self._running.trail)
        return Result(
            month=self._month,
            expected=expected,
            audit=audit(expected, books, waiting, self._month.happened),
            waiting=waiting,
            books=books,
            words=words,
            statuses=self._statuses,
            edited=self._edited,
            writes=_writes(summary),
            unsettled=tuple(self._unsettled),
            seconds=time.monotonic() - begun,
        )

    async def _between(self, http: httpx.AsyncClient, company: Company, expected: Reckoning, week: int) -> None:
        """After the second week people edit the books, and close them."""
        if week > 3:
            return
        await control(http, "switches", {"object_webhooks": True})
        books = await books_of(http, company)
        for one in self._month.edits:
            try:
                await edit(http, company, books, one, expected)
                self._edited[f"{one.hand} {one.order.key}"] = ""
            except StageError as trouble:
                self._edited[f"{one.hand} {one.order.key}"] = str(trouble)
        await self._settled()
        await self._noticed()
        if self._closing:
            closed = expected.closed_through.isoformat()
            await control(http, "connections/edit", {"connection_id": company.id, "closing_date": closed})
            self._say(f"closed through {closed}, policy {self._month.merchant.closed}")

    async def _noticed(self) -> None:
        """Until what people did has been read; or for as long as anybody would wait."""
        until = time.monotonic() + min(self._patience, NOTICING)
        while left := await to_be_noticed(self._running.trail):
            if time.monotonic() > until:
                self._unsettled.append(f"{left} changes in the books not read after {NOTICING:.0f} s")
                return
            await asyncio.sleep(0.2)

    async def _settled(self) -> None:
        try:
            await settled(self._running.trail, lambda _: None, self._patience)
        except UnsettledError as trouble:
            self._unsettled += [str(trouble), *await moving_in(self._running.trail)]
            self._say("; ".join(self._unsettled))

    async def _tell(self, tellings: tuple[Telling, ...]) -> None:
        slots = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(base_url=str(self._running.public_url), timeout=30) as http:

            async def post(telling: Telling) -> None:
                async with slots:
                    headers = signing.headers(telling, SENDERS[telling.source], datetime.now(UTC))
                    answer = await http.post(f"/webhooks/{telling.source}", content=telling.body, headers=headers)
                    self._statuses[answer.status_code] += 1

            async with asyncio.TaskGroup() as group:
                for telling in tellings:
                    group.create_task(post(telling))


def _writes(summary: object) -> dict[str, int]:
    """How often each endpoint was written, by method and path."""
    rows = summary if isinstance(summary, list) else []
    return {f"{row['method']} {row['endpoint']}": row["count"] for row in rows if row["method"] != "GET"}
