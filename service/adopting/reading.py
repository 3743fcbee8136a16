"""Documents that are in the books, read through Rutter page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from consumers.adopting.claims import local_date, people_of
from consumers.adopting.sides import Document, Settled
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.money import Money
from schemas.outcomes import Deferred, Rejected
from service.rutter.reading import NotRead, Page, Reading
from service.rutter.sightings import DATES
from service.rutter.values import identifier, moment, text, total_of

_ABSENT = (404, 410)
"""A platform without such documents answers this."""
_GONE = frozenset({"void", "voided", "deleted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Customers in the books by Rutter's id: what tells them (as it is compared), and what people call them."""

    told: Mapping[str, frozenset[str]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a list could not be read, for people."""

    reason: str


async def documents(
    reading: Reading, connection: Connection, kind: DocumentKind, people: People, since: datetime | None
) -> list[Document] | Unreadable:
    """All of a kind that changed since then; what is void or cannot be understood is left out."""
    query = {"sort": "last_synced_at ASC"}
    if since is not None:
        query["updated_at_min"] = str(int(since.timestamp() * 1000))
    found: dict[str, Document] = {}
    async for page in reading.pages(connection, kind.path(), kind.plural, query):
        if isinstance(page, Rejected) and page.status in _ABSENT:
            return []
        if not isinstance(page, Page):
            return Unreadable(_why(page))
        for told in page.objects:
            one = document_of(kind, told, connection, people)
            if one is not None:
                found[one.rutter_id] = one
    return list(found.values())


def document_of(kind: DocumentKind, told: Mapping[str, Any], connection: Connection, people: People) -> Document | None:
    """One object of a list; None where it has no id or no amount, or is void."""
    known, total = identifier(told.get("id")), total_of(told, _home(connection))
    if known is None or total is None or str(told.get("status")).lower() in _GONE:
        return None
    customer = identifier(told.get("customer_id")) or ""
    payment = kind is DocumentKind.INVOICE_PAYMENT
    due = total_of({"total_amount": told.get("amount_due"), "currency_code": total.currency}, None)
    return Document(
        rutter_id=known,
        kind=kind,
        number=text(told.get("reference" if payment else "document_number")),
        people=people.told.get(customer, frozenset()),
        total=total,
        dates=_dates(text(told.get(DATES[kind])), connection.time_zone),
        open_minor=None if due is None else due.minor,
        settles=_settles(told.get("linked_invoices"), total.currency),
        customer=people.names.get(customer),
    )


def _home(connection: Connection) -> Money | None:
    return None if connection.home_currency is None else Money(0, connection.home_currency)


def _dates(told: str | None, time_zone: str) -> frozenset[date]:
    if told is None:
        return frozenset()
    try:
        written = date.fromisoformat(told[:10])
    except ValueError:
        return frozenset()
    instant = moment(told) if len(told) > len("2026-11-02") else None
    return frozenset({written} if instant is None else {written, local_date(instant.astimezone(UTC), time_zone)})


def _settles(links: object, currency: str) -> tuple[Settled, ...]:
    found: list[Settled] = []
    for link in links if isinstance(links, list) else ():
        invoice = identifier(link.get("id")) if isinstance(link, dict) else None
        if invoice is None:
            continue
        amount = link.get("amount", link.get("allocated_amount"))
        minor = total_of({"total_amount": amount, "currency_code": currency}, None)
        found.append(Settled(invoice_id=invoice, minor=None if minor is None else minor.minor))
    return tuple(found)


def _why(failed: NotRead) -> str:
    match failed:
        case Rejected():
            return f"{failed.status} {failed.code}: {failed.message}"
        case Deferred():
            return failed.reason.value
        case _:
            return failed.reason


def people_in(entries: Mapping[str, tuple[str | None, str | None]]) -> People:
    """From our copy of the customers: Rutter's id -> (name, e-mail)."""
    return People(
        told={known: people_of(*told) for known, told in entries.items()},
        names={known: name for known, (name, _) in entries.items() if name},
    )
