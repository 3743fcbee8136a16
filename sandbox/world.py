"""Everything one sandbox holds, in memory."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from sandbox.clock import Clock, iso, milliseconds
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.idempotency import Keys
from sandbox.ids import Ids
from sandbox.jobs import Job
from sandbox.requests_log import RequestsLog
from sandbox.settings import Settings
from sandbox.switches import Switches
from sandbox.webhooks import Webhooks
from sandbox.writing import Writing

log = logging.getLogger("sandbox")


class World:
    """The state behind one sandbox server. `reset` gives a new one in place."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._clear()

    def _clear(self) -> None:
        self.ids = Ids(self.settings.seed)
        self.switches = Switches()
        self.companies: dict[str, Company] = {}
        self.by_token: dict[str, Company] = {}
        self.jobs: dict[str, Job] = {}
        self.held: dict[str, Callable[[], None]] = {}  # job id -> what releases it
        self.keys = Keys()
        self.faults = Faults()
        self.log = RequestsLog()
        self.webhooks = Webhooks(self.settings)

    async def reset(self) -> None:
        """Forget everything, stop what runs in the background, draw ids from the seed anew."""
        await self.close()
        self._clear()

    async def close(self) -> None:
        """Stop what runs in the background."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.webhooks.close()

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run in the background until done or reset; a bug in it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    def add(self, company: Company) -> None:
        """Register a company."""
        self.companies[company.id] = company
        self.by_token[company.access_token] = company

    def writing(self, company: Company, key: str | None = None, *, outside: bool = False) -> Writing:
        """What one write on this company has at hand."""
        return Writing(
            company=company,
            switches=self.switches,
            ids=self.ids,
            now=self.clock(),
            changes=[],
            key=key,
            outside=outside,
        )

    async def sync(self, company: Company, plurals: list[str]) -> None:
        """One incremental sync of these types: the copy shows what the platform had when it began."""
        begun = self.clock()
        company.last_sync_started_at = iso(begun)
        if self.switches.sync_seconds:
            await asyncio.sleep(self.switches.sync_seconds)
        now = self.clock()
        for plural in plurals:
            company.shelves[plural].sync(milliseconds(begun), milliseconds(now), iso(now))
        for deletion in company.deletions:
            if deletion.synced_ms < 0:
                deletion.synced_ms, deletion.stamp = milliseconds(now), iso(now)
        company.last_sync_completed_at = iso(now)
        self.webhooks.connection(company, "INCREMENTAL_SYNC_COMPLETED")
