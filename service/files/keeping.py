"""Files fetched and kept in the trail, and given back to be sent. Fits `consumers.posting.fetching`."""

import asyncio
import hashlib
from typing import Final

from sqlalchemy import Connection

from consumers.posting.fetching import NotNow, NotTaken
from schemas.books import KeptFile
from schemas.events import AttachmentAdded
from service.files.addresses import shown
from service.files.content import NotKept, content_type
from service.files.fetching import Barred, Fetcher, Unreachable
from service.sealing import KeyRing
from service.trail import files
from service.trail.door import Door

AT_ONCE: Final = 4
"""Files fetched at the same time by one process: each may take the memory of the largest for as long as is let."""


class TrailFiles:
    """The files of one trail."""

    def __init__(self, trail: Door, fetcher: Fetcher) -> None:
        """`fetcher` bounds each file, we bound how many at once."""
        self._trail = trail
        self._fetcher = fetcher
        self._fetching = 0

    async def fetch(self, event: AttachmentAdded) -> NotTaken | NotNow | None:
        """Fetch the file at the event's address and keep it as what the event means; None once it is kept."""
        if self._fetching >= AT_ONCE:
            return NotNow("other files are being fetched", busy=True)
        self._fetching += 1
        try:
            return await self._fetch(event, event.data.attachment.url or "")
        finally:
            self._fetching -= 1

    async def _fetch(self, event: AttachmentAdded, url: str) -> NotTaken | NotNow | None:
        got = await self._fetcher.fetch(url)
        if isinstance(got, Unreachable):
            return NotNow(f"{got.reason} ({shown(url)})")
        if isinstance(got, Barred):
            return NotTaken(got.what, f"{got.reason} ({shown(url)})", got.cure)
        kept = await keep(self._trail, event.connection, got.content, url=shown(url), fact=event)
        if isinstance(kept, NotKept):
            return NotTaken("content not kept", f"{kept.reason} ({shown(url)})")
        return None

    async def content(self, connection: str, digest: str) -> bytes | None:
        """The bytes of a file; None where none is kept."""
        return await self._trail.read(lambda c: files.content(c, self._trail.keys, connection, digest))


async def keep(
    trail: Door, connection: str, content: bytes, *, url: str | None = None, fact: AttachmentAdded | None = None
) -> KeptFile | NotKept:
    """Keep a file; `fact` is the event that it is the file of, where an address is all the event says."""
    made = await asyncio.to_thread(_sealed, trail.keys, connection, content)
    if isinstance(made, NotKept):
        return made
    file, sealed = made

    def store(c: Connection) -> None:
        now = trail.clock.now()
        files.keep(c, connection, file, sealed, url=url, now=now)
        if fact is not None:
            files.fetched(c, connection, fact.namespace, fact.key, file.digest, now=now)

    await trail.run(store)
    return file


def _sealed(keys: KeyRing, connection: str, content: bytes) -> tuple[KeptFile, bytes] | NotKept:
    kind = content_type(content)
    if isinstance(kind, NotKept):
        return kind
    digest = hashlib.sha256(content).hexdigest()
    file = KeptFile(digest=digest, size=len(content), content_type=kind)
    return file, files.seal(keys, connection, digest, content)
