"""Before an attachment is planned, its file is fetched and kept; what cannot be had is tried again, or refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from consumers.ports import DueEvent
from consumers.posting.writes import Later
from schemas.connections import Connection
from schemas.events import AttachmentAdded
from schemas.plans import Cause, Park

_SOONEST: Final = timedelta(seconds=5)
_LATEST: Final = timedelta(hours=1)
_TURN: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that is refused, and would be the next time. `what` names what is refused, alike for files alike."""

    what: str
    reason: str
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class NotNow:
    """A file that cannot be had now. `busy`: only because as many others are being fetched as may be at once."""

    reason: str
    busy: bool = False


class Files(Protocol):
    """Fetches and keeps the files of events."""

    async def fetch(self, event: AttachmentAdded) -> NotTaken | NotNow | None:
        """Fetch the file at the event's address and keep it; None once it is kept."""
        ...


async def fetch(
    files: Files, event: AttachmentAdded, due: DueEvent, connection: Connection, now: datetime
) -> Later | Park | None:
    """Fetch it; or when to try again, with growing pauses for as long as holds last; then a person."""
    got = await files.fetch(event)
    if got is None:
        return None
    if isinstance(got, NotTaken):
        return refused(event, got)
    if got.busy:
        return Later(now + _TURN, got.reason)
    if now >= due.waits_from + timedelta(hours=connection.hold_hours):
        given_up = NotTaken("not to be had", f"tried for {connection.hold_hours} h: {got.reason}", "see that it is")
        return refused(event, given_up)
    pause = min(max((now - due.waits_from) / 2, _SOONEST), _LATEST)
    return Later(now + pause, f"its file is not to be had now: {got.reason}")


def refused(event: AttachmentAdded, why: NotTaken) -> Park:
    """What is refused, and how to cure it: mostly by giving the file."""
    attachment = event.data.attachment
    give = f"give the file: ledgerhook attach {event.connection} {attachment.order_id} FILE, and leave this parked"
    return Park(
        cause=Cause.ATTACHMENT_REFUSED,
        subject=why.what,
        detail=f"{attachment.file_name[:120]!r} of order {attachment.order_id}: {why.reason}",
        cure=give if why.cure is None else f"{why.cure} and release; or {give}",
    )
