"""A file that a person, or a program, gives for the invoice of an order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select

from consumers.attachments import attachment_event
from consumers.intake import Verdict
from consumers.planning.additions.attachments import unsupported
from consumers.planning.keys import order_key
from schemas.additions import AddedAttachment
from service.files.content import NotKept
from service.files.keeping import keep
from service.requesting import request
from service.trail import connections
from service.trail.database import Trail
from service.trail.fact_tables import events
from service.trail.tables import sources

_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_SPOKEN: Final = {Verdict.NEW: "taken", Verdict.DUPLICATE: "was given before", Verdict.FULLER: "was given before"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A file for the invoice of an order. `namespace` is needed where the connection has that order in several."""

    connection: str
    order: str
    file_name: str
    content: bytes = field(repr=False)
    namespace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Kept, and recorded as the event `key`; `what` became of that."""

    key: str
    namespace: str
    digest: str
    content_type: str
    size: int
    what: str


@dataclass(frozen=True, slots=True)
class NotGiven:
    """Why it was not taken, in one line."""

    reason: str


async def give(trail: Trail, gift: Gift, now: datetime) -> Given | NotGiven:
    """Keep the file and record that it belongs to the order; given twice, it is there once."""
    namespace = await trail.read(lambda c: _namespace(c, trail, gift))
    if isinstance(namespace, NotGiven):
        return namespace
    wrong = _wrong_words(gift)
    if wrong is not None:
        return NotGiven(wrong)
    file = await keep(trail, gift.connection, gift.content)
    if isinstance(file, NotKept):
        return NotGiven(f"{gift.file_name[:100]!r} is not kept: {file.reason}")
    added = AddedAttachment(order_id=gift.order, file_name=gift.file_name, digest=file.digest, added_at=now)
    event = attachment_event(added, namespace=namespace, connection=gift.connection)
    (verdict,) = await request(trail, [event], now)
    return Given(
        key=event.key,
        namespace=namespace,
        digest=file.digest,
        content_type=file.content_type,
        size=file.size,
        what=_SPOKEN.get(verdict, verdict.value),
    )


def _wrong_words(gift: Gift) -> str | None:
    """Why the order's id or the file's name cannot be one."""
    try:
        AddedAttachment.model_validate(
            {"order_id": gift.order, "file_name": gift.file_name, "digest": "0" * 64, "added_at": _EPOCH}
        )
    except ValueError:
        return "the order's id must be of 1 to 255 printable characters, and the file's name of at most 4000"
    return None


def _namespace(c: Connection, trail: Trail, gift: Gift) -> str | NotGiven:
    """Where the order was told; before it is, the only namespace of the connection."""
    connection = connections.connection(c, trail.keys, gift.connection)
    if connection is None:
        return NotGiven(f"there is no connection {gift.connection[:60]!r}")
    lacking = unsupported(connection)
    if lacking is not None:
        return NotGiven(lacking)
    here = events.c.connection == gift.connection
    told = set(c.execute(select(events.c.namespace).where(here, events.c.key == order_key(gift.order))).scalars())
    declared = select(sources.c.namespace).where(sources.c.connection == gift.connection)
    ours = set(c.execute(declared).scalars())
    if gift.namespace is not None:
        known = gift.namespace in told | ours
        return gift.namespace if known else NotGiven(f"{gift.connection} has no namespace {gift.namespace[:60]!r}")
    found: list[str] = sorted(told or ours)
    if len(found) == 1:
        return found[0]
    what = f"there is an order {gift.order[:60]!r}" if told else "orders are told"
    where = ", ".join(found) or "no namespace"
    return NotGiven(f"say in which namespace: {what} in {where}")
