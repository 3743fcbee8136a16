"""A shop whose orders were posted into the sandbox's books, a person at those books, and the watching that notices."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.server import Sandbox
from schemas.books import Seen
from schemas.deliveries import BookObject, BooksChanged, Change
from service.noticing.reading_again import ReadingAgain, Report
from service.noticing.sweeping import Sweeping
from service.noticing.watching import Watching
from service.trail import connections, notices
from service.trail.fact_tables import links
from service.trail.turns import NOTICING, Turn
from tests.posting.rig import Rig, rig


@dataclass
class Books:
    """`rig`: the posting; the rest is what this package looks at."""

    rig: Rig
    watching: Watching

    @property
    def sandbox(self) -> Sandbox:
        return self.rig.sandbox

    async def person(self, act: str, **fields: Any) -> dict[str, Any]:
        """What somebody does in the accounting system."""
        asked = {"connection_id": self.rig.company, **fields}
        answer = await self.rig.http.post(f"/_sandbox/documents/{act}", json=asked)
        assert answer.status_code < 300, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def told(self, object_: BookObject, rutter_id: str | None, what: Change = "updated") -> None:
        """Rutter's callback, and the watching's next look."""
        await self.rig.trail.callbacks.books_changed(BooksChanged(self.rig.company, object_, rutter_id, what))
        self.rig.clock.leap(seconds=10)
        await self.watching.round()

    async def sweep(self) -> Report:
        trail = self.rig.trail
        connection = await trail.read(lambda c: connections.connection(c, trail.keys, "acme"))
        assert connection is not None
        return await Sweeping(self.watching.again).sweep(connection)

    async def link(self, key: str) -> Any:
        """The row of the link."""
        row = await self.rig.trail.read(lambda c: c.execute(links.select().where(links.c.key == key)).one_or_none())
        assert row is not None, key
        return row

    async def id_of(self, key: str) -> str:
        return str((await self.link(key)).rutter_id)

    async def seen(self, key: str) -> Seen | None:
        row = await self.link(key)
        if row.seen_status is None:
            return None
        return Seen(status=row.seen_status, at=row.seen_at, open_minor=row.seen_open_minor)

    async def noticed(self) -> list[tuple[str, str]]:
        """(key, what), oldest first."""
        page = await self.rig.trail.read(notices.noticed)
        return [(one.key, one.what) for one in reversed(page.notices)]

    async def writes(self) -> int:
        """How many requests changed anything in the books through Rutter so far."""
        asked = (await self.rig.http.get("/_sandbox/requests")).json()["requests"]
        return sum(one["method"] != "GET" and "/accounting/" in one["path"] for one in asked)

    async def reads(self, path: str) -> int:
        asked = (await self.rig.http.get("/_sandbox/requests")).json()["requests"]
        return sum(one["method"] == "GET" and one["path"].endswith(path) for one in asked)


@asynccontextmanager
async def books(directory: Path) -> AsyncIterator[Books]:
    async with rig(directory) as r:
        watching = Watching(
            again=ReadingAgain(r.trail, r.posting.reading),
            lists=r.posting.lists,
            turn=Turn(r.trail, NOTICING),
            every=timedelta(hours=1),
            chance=lambda: 0.0,
        )
        yield Books(r, watching)
