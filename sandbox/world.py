"""Everything one sandbox holds, in memory."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from sandbox.clock import Clock, iso, milliseconds
from sandbox.company import Company
from sandbox.exact import Json
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
        self.sync_configs: dict[str, Json] = {}  # platform -> its sync configuration
        self.link_defaults: Json = {}  # what companies made through Rutter Link are like

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

    def remove(self, company: Company) -> None:
        """Forget a company; what it had is gone with it."""
        del self.companies[company.id]
        del self.by_token[company.access_token]

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
        await self._bring_up(company, plurals)
        self.webhooks.objects(company, [one for one in company.untold if one[0] in plurals])
        company.untold = [one for one in company.untold if one[0] not in plurals]
        self.webhooks.connection(company, "INCREMENTAL_SYNC_COMPLETED")

    async def backfill(self, company: Company, plurals: list[str], told: tuple[str, str] | None) -> None:
        """Bring these types up to date, and tell what was made between the two dates in `told`, if any."""
        await self._bring_up(company, plurals)
        for plural in plurals if told else ():
            bodies = [entry.shown for entry in company.shelves[plural].shown() if entry.shown]
            within = [body for body in bodies if told and told[0] <= (body["created_at"] or "") <= told[1]]
            self.webhooks.objects(company, [(plural, "updated", body) for body in within])
        self.webhooks.connection(company, "BACKFILL_COMPLETED")

    async def _bring_up(self, company: Company, plurals: list[str]) -> None:
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
