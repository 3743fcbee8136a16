"""What a delivery of a configured source would become: its events, planned against the trail as it stands now.

Nothing is written: the trail is only read, and Rutter is not asked. What the real run would ask first (a list in which
our copy has no such name) is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, assert_never

from consumers.planning import plan, references, told, unanswered
from consumers.tellings import Conflicting, Fuller, merge
from handlers.explaining import answer, explain_delivery
from handlers.registry import explain_translate
from schemas.books import Books, Link, References
from schemas.deliveries import Delivery, Told
from schemas.documents import Ref, Write
from schemas.events import Event
from schemas.plans import Hold, Park, Plan, Post, Skip
from schemas.sources import Source
from service.cli.opening import visit
from service.cli.show import ago, fail
from service.trail import entries
from service.trail.database import Trail
from service.trail.event_rows import noun

ROUNDS: Final = 5
"""A reversal names a refund, which names a payment, which names an order, which names a customer: none is longer."""


def explain_for_source(source: str, body: bytes, headers: Mapping[str, str], data_dir: Path | None) -> dict[str, Any]:
    """As `handlers.explaining.answer`, and with events `plans`: what each would become, in order.

    A plan is `{event, plan: post|hold|skip|park, says, writes: [{kind, key, total, in_books, body, why}]}`. Amounts in
    a body are text, and `<key>` stands for the id that Rutter gives to what that natural key makes.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    if source == "rutter":
        return explain_delivery(body, "rutter", lower)

    async def look(trail: Trail) -> dict[str, Any]:
        known = {one.name: one for one in await trail.intake.sources()}
        if source not in known:
            fail(f"there is no source {source}; there are: {', '.join(known) or 'none yet: ledgerhook apply FILE'}")
        delivery = Delivery(id="explained", source=source, received_at=datetime.now(UTC), headers=lower, body=body)
        told = explain_translate(delivery, known[source])
        said = answer(told)
        if isinstance(told, Told):
            explaining = _Explaining(trail, known[source])
            said["plans"] = [await explaining.planned(event) for event in told.events]
            said["notes"] += explaining.notes
        return said

    return visit(data_dir, look)


@dataclass(slots=True)
class _Explaining:
    """One delivery's events, each planned as if the documents of those before it were posted."""

    trail: Trail
    source: Source
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Event] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)

    async def planned(self, event: Event) -> dict[str, Any]:
        if noun(event) not in self.source.tells:
            told = ", ".join(sorted(self.source.tells)) or "nothing"
            return _said(event, "skip", f"recorded, not posted: the source {self.source.name} tells {told}")
        stored = await self._read(event, References(facts=frozenset({event.key})))
        before = stored.facts.get(event.key)
        merged = event if before is None else merge(before, event)
        if isinstance(merged, Conflicting):
            return _said(event, "park", f"told before, otherwise: {merged.detail}")
        whole = merged.event if isinstance(merged, Fuller) else before or event
        books = await self._books(whole)
        await self._note_misses(whole, books)
        self.facts[whole.key] = whole
        return self._shown(whole, plan(whole, books), books)

    async def _read(self, event: Event, asked: References) -> Books:
        books = await self.trail.work.read(event.connection, event.namespace, asked)
        return replace(books, facts={**books.facts, **self.facts}, links={**self.links, **books.links})

    async def _books(self, event: Event) -> Books:
        """Read, and again while what was read refers to more."""
        asked = References()
        books = await self._read(event, asked)
        for _ in range(ROUNDS):
            wanted = references(event, told(books), books.connection, books.applied)
            if wanted == asked:
                break
            asked = wanted
            books = await self._read(event, asked)
        return books

    async def _note_misses(self, event: Event, books: Books) -> None:
        missed = unanswered(event, books)
        if not missed:
            return
        marks = await self.trail.read(lambda c: entries.marks(c, event.connection))
        for name in sorted(missed):
            mark = marks.get(name)
            read = "never read yet" if mark is None else f"read {ago(mark.refreshed_at)}"
            note = (
                f"{name}s: not all names are in our copy of the list ({read}); it is read anew before that is believed"
            )
            if note not in self.notes:
                self.notes.append(note)

    def _shown(self, event: Event, planned: Plan, books: Books) -> dict[str, Any]:
        match planned:
            case Post(writes, found):
                for key, entry in found:
                    self.links[key] = Link(key=key, rutter_id=entry.id)
                shown = [_write(write, books.links) for write in writes]
                for write in writes:
                    assumed = Link(key=write.key, rutter_id=f"<{write.key}>", total=write.total)
                    self.links.setdefault(write.key, assumed)
                return _said(event, "post", _posts(writes, books.links, self.links), shown)
            case Hold(awaits, reason):
                return _said(event, "hold", f"waits for {awaits}: {reason}")
            case Skip(reason):
                return _said(event, "skip", reason)
            case Park():
                return _said(event, "park", f"{planned.fingerprint}: {planned.detail}; cure: {planned.cure}")
            case _:
                assert_never(planned)


def _said(event: Event, name: str, says: str, writes: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    return {"event": event.key, "plan": name, "says": says, "writes": list(writes)}


def _posts(writes: Sequence[Write], links: Mapping[str, Link], assumed: Mapping[str, Link]) -> str:
    there = sum(_is_posted(links.get(write.key)) for write in writes)
    if there == len(writes):
        return "everything is in the books already"
    waits = any((link := assumed.get(key)) and link.rutter_id == f"<{key}>" for key in _refs(writes))
    made = len(writes) - there
    documents = "1 document" if made == 1 else f"{made} documents"
    return f"{documents}{', once what is above is in the books' if waits else ''}"


def _refs(writes: Sequence[Write]) -> set[str]:
    """Natural keys that the bodies refer to and that none of these writes makes."""
    return set().union(*(_refs_in(write.body) for write in writes)) - {write.key for write in writes}


def _refs_in(value: object) -> set[str]:
    match value:
        case Ref(key):
            return {key}
        case dict():
            return set().union(*map(_refs_in, value.values()))
        case list():
            return set().union(*map(_refs_in, value))
        case _:
            return set()


def _is_posted(link: Link | None) -> bool:
    return link is not None and link.rutter_id is not None and link.rutter_id != f"<{link.key}>"


def _write(write: Write, links: Mapping[str, Link]) -> dict[str, Any]:
    link = links.get(write.key)
    return {
        "kind": write.kind.value,
        "key": write.key,
        "total": None if write.total is None else str(write.total),
        "in_books": link.rutter_id if link is not None and _is_posted(link) else None,
        "body": _plain(write.body),
        "why": list(write.why),
    }


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    match value:
        case Ref(key):
            return f"<{key}>"
        case Decimal():
            return str(value)
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value
