"""Adopting: compare what is told with what is in the books, link what is surely the same, set aside what may be."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection as DatabaseConnection

from consumers.adopting.claims import KINDS, Known, claim_of
from consumers.adopting.matching import match
from consumers.adopting.sides import Claim, Pair
from consumers.planning.keys import invoice_key
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.events import OrderCompleted
from schemas.facts import Customer
from service.adopting import deciding
from service.adopting.pairs import adoption_of, to_keep
from service.adopting.reading import People, Unreadable, documents, people_in
from service.rutter.lists import RutterLists
from service.rutter.reading import Reading
from service.trail import adopting, doubts
from service.trail.adopting import Told
from service.trail.database import Trail
from service.trail.doubts import Doubt
from service.trail.waking import make_due

FRESH: Final = timedelta(seconds=60)
AT_ONCE: Final = 200
"""Pairs linked in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was found. `waiting`: events that wait; `read`: documents in the books that are not ours."""

    waiting: int
    read: int
    sure: tuple[Pair, ...]
    doubtful: tuple[Pair, ...]
    bills: dict[str, tuple[str, str, str]]
    claims: tuple[Claim, ...]


@dataclass(slots=True)
class Linked:
    """What became of it."""

    linked: int = 0
    set_aside: int = 0
    refused: list[tuple[Pair, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Sought:
    """What is known while one kind after the other is compared."""

    connection: Connection
    told: list[Told]
    ours: dict[tuple[str, str], tuple[str, str]]
    buyers: dict[tuple[str, str], Customer]
    invoices: dict[tuple[str, str], str]

    def claims(self, kind: DocumentKind) -> list[Claim]:
        """Of the events that wait and have no document yet."""
        known = Known(buyers=self.buyers, invoices=self.invoices)
        made = (claim_of(one.seq, one.event, self.connection, known) for one in self.told if one.waits)
        return [one for one in made if one and one.kind is kind and (one.namespace, one.key) not in self.ours]

    def bills(self) -> dict[str, tuple[str, str, str]]:
        """Rutter's id -> (namespace, natural key, order) of every order's invoice that is known."""
        return {known: (namespace, invoice_key(order), order) for (namespace, order), known in self.invoices.items()}


async def compare(
    trail: Trail, reading: Reading, lists: RutterLists, connection: Connection, since: datetime | None
) -> Compared | Unreadable:
    """Read both sides and match them; changes nothing but our copy of the merchant's customers."""
    failed = await lists.refresh(connection, frozenset({"customer"}), older_than=trail.clock.now() - FRESH)
    if failed is not None:
        return Unreadable(f"the customers cannot be read: {getattr(failed, 'reason', failed)}")
    sought, dismissed, people = await trail.read(lambda c: _read(c, connection, since))
    taken = {(kind, known) for kind, known in sought.ours.values()}
    sure: list[Pair] = []
    doubtful: list[Pair] = []
    claimed: list[Claim] = []
    read = 0
    for kind in KINDS:
        claims = sought.claims(kind)
        if not claims:
            continue
        listed = await documents(reading, connection, kind, people, since)
        if isinstance(listed, Unreadable):
            return Unreadable(f"{kind.plural} cannot be read: {listed.reason}")
        free = [one for one in listed if (kind.value, one.rutter_id) not in taken]
        found = match(claims, free, dismissed)
        sure.extend(found.sure)
        doubtful.extend(found.doubtful)
        claimed.extend(claims)
        read += len(free)
        if kind is DocumentKind.INVOICE:
            _learn(sought, found.sure)
    return Compared(
        waiting=sum(one.waits for one in sought.told),
        read=read,
        sure=tuple(sure),
        doubtful=tuple(doubtful),
        bills=sought.bills(),
        claims=tuple(claimed),
    )


async def link(trail: Trail, connection: Connection, compared: Compared) -> Linked:
    """Link the sure pairs, invoices first, and set the doubtful ones aside. Done again, it changes nothing."""
    done = Linked()
    for some in _parts(compared.sure):
        told = await trail.run(lambda c, some=some: _link(c, connection, compared, some, trail.clock.now()))  # type: ignore[misc]  # a default binds the loop's value
        done.linked += sum(why is None for _, why in told)
        done.refused.extend((pair, why) for pair, why in told if why is not None)
    await trail.run(lambda c: _note(c, connection, compared, trail.clock.now()))
    done.set_aside = await trail.run(lambda c: _set_aside(c, connection, compared, trail.clock.now()))
    return done


def _read(
    c: DatabaseConnection, connection: Connection, since: datetime | None
) -> tuple[_Sought, frozenset[tuple[str, str, str]], People]:
    told = adopting.told(c, connection.alias, since)
    ours = adopting.linked(c, connection.alias)
    buyers: dict[tuple[str, str], Customer] = {}
    invoices: dict[tuple[str, str], str] = {}
    for one in told:
        if isinstance(one.event, OrderCompleted):
            place = one.event.namespace, one.event.data.order.id
            buyers[place] = one.event.data.order.customer
            link_ = ours.get((place[0], invoice_key(place[1])))
            if link_ is not None:
                invoices[place] = link_[1]
    sought = _Sought(connection=connection, told=told, ours=ours, buyers=buyers, invoices=invoices)
    return sought, doubts.dismissed(c, connection.alias), people_in(adopting.customers(c, connection.alias))


def _learn(sought: _Sought, sure: Sequence[Pair]) -> None:
    """A payment is recognised by the invoice that it pays: those that are surely ours count already."""
    for pair in sure:
        for order in pair.claim.orders:
            sought.invoices[pair.claim.namespace, order] = pair.document.rutter_id


def _parts(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    return (pairs[first : first + AT_ONCE] for first in range(0, len(pairs), AT_ONCE))


def _link(
    c: DatabaseConnection, connection: Connection, compared: Compared, some: Sequence[Pair], now: datetime
) -> list[tuple[Pair, str | None]]:
    return [(pair, adopting.adopt(c, adoption_of(pair, connection.alias, compared.bills), now)) for pair in some]


def _note(c: DatabaseConnection, connection: Connection, compared: Compared, now: datetime) -> None:
    """After the payments: what is paid on adopted invoices by documents that are not ours."""
    ours = adopting.linked(c, connection.alias)
    for pair in compared.sure:
        made = adoption_of(pair, connection.alias, compared.bills)
        if ours.get((made.namespace, made.key)) == (made.kind, made.rutter_id):
            deciding.note_payments(c, made, pair.document.open_minor, now)


def _set_aside(c: DatabaseConnection, connection: Connection, compared: Compared, now: datetime) -> int:
    """Also lets go of what was in doubt and is so no longer."""
    by_key: defaultdict[tuple[str, str], list[Doubt]] = defaultdict(list)
    for pair in compared.doubtful:
        claim = pair.claim
        by_key[claim.namespace, claim.key].append(
            Doubt(
                connection=connection.alias,
                namespace=claim.namespace,
                key=claim.key,
                rutter_id=pair.document.rutter_id,
                event_seq=claim.event_seq,
                pair=to_keep(pair, connection.alias, compared.bills),
                found_at=now,
            )
        )
    for found in by_key.values():
        deciding.set_aside(c, found, now)
    cleared = {claim.event_seq for claim in compared.claims if (claim.namespace, claim.key) not in by_key}
    for claim in compared.claims:
        if claim.event_seq in cleared:
            doubts.forget(c, connection.alias, claim.namespace, claim.key)
    make_due(c, sorted(cleared & adopting.in_doubt(c, connection.alias)), now)
    return len(by_key)
