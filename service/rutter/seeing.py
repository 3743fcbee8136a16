"""Documents in the books as they are now: one by its id, many by when Rutter last read them, and what was deleted."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from consumers.noticing.sights import Gone, InBooks
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.money import Money
from schemas.outcomes import Rejected, Unknown
from service.rutter.reading import NotRead, Page, Reading
from service.rutter.values import decimal, identifier, moment, text, total_of

_VOID: Final = frozenset({"void", "voided"})
_ARCHIVED: Final = frozenset({"archived", "inactive"})
EVENT_NAMES: Final[Mapping[str, DocumentKind]] = {
    "INVOICE": DocumentKind.INVOICE,
    "INVOICE_PAYMENT": DocumentKind.INVOICE_PAYMENT,
    "INVOICE_CREDIT_MEMO": DocumentKind.CREDIT_MEMO,
    "ACCOUNTING_CUSTOMER_REFUND": DocumentKind.CUSTOMER_REFUND,
    "CUSTOMER_REFUND": DocumentKind.CUSTOMER_REFUND,
    "CUSTOMER": DocumentKind.CUSTOMER,
    "ACCOUNTING_CUSTOMER": DocumentKind.CUSTOMER,
}
"""`resource` of a deletion (Rutter: Events)."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """One deletion that Rutter tells of; `synced_at`: when it learned of it."""

    kind: DocumentKind
    rutter_id: str
    synced_at: datetime | None


class Seeing:
    """Reads, each with a turn of the connection's quota."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def one(
        self, connection: Connection, kind: DocumentKind, rutter_id: str
    ) -> Mapping[str, Any] | Gone | NotRead:
        """GET /accounting/{plural}/{id}."""
        value = await self._reading.get(connection, f"{kind.path()}/{quote(rutter_id, safe='')}")
        if isinstance(value, Rejected) and value.status in (404, 410):
            return Gone()
        if not isinstance(value, dict):
            return value
        told = value.get(kind.wrapper)
        return told if isinstance(told, dict) else Unknown(reason="reading: an answer without it")

    async def since(
        self, connection: Connection, kind: DocumentKind, at: datetime
    ) -> AsyncIterator[Mapping[str, Mapping[str, Any]] | NotRead]:
        """Pages of what Rutter read since then, by id, in that order; ends after what stands in the way."""
        query = {"sort": "last_synced_at ASC", "last_synced_at_min": str(max(0, int(at.timestamp() * 1000)))}
        async for page in self._reading.pages(connection, kind.path(), kind.plural, query):
            if not isinstance(page, Page):
                yield page
                return
            yield {known: one for one in page.objects if (known := identifier(one.get("id"))) is not None}

    async def numbered(self, connection: Connection, number: str) -> Mapping[str, Mapping[str, Any]] | NotRead:
        """Invoices of that number, by id; of platforms that do not filter by it, none."""
        found: dict[str, Mapping[str, Any]] = {}
        query = {"document_number": number}
        async for page in self._reading.pages(connection, DocumentKind.INVOICE.path(), "invoices", query):
            if not isinstance(page, Page):
                return page
            found |= {known: one for one in page.objects if (known := identifier(one.get("id"))) is not None}
            if len(found) > _MOST_NUMBERED:
                break
        return {known: one for known, one in found.items() if text(one.get("document_number")) == number}

    async def deleted_since(self, connection: Connection, at: datetime) -> AsyncIterator[tuple[Deleted, ...] | NotRead]:
        """GET /events: pages of deletions. Platforms without them answer none (Rutter: Events)."""
        query = {"type": "object_deleted", "last_synced_at_min": str(max(0, int(at.timestamp() * 1000)))}
        async for page in self._reading.pages(connection, "/events", "events", query):
            if isinstance(page, Rejected) and page.status in (404, 410):
                return
            if not isinstance(page, Page):
                yield page
                return
            yield tuple(one for event in page.objects if (one := _deletion(event)) is not None)


_MOST_NUMBERED: Final = 200


def in_books(told: Mapping[str, Any], currency: str | None) -> InBooks:
    """One object. Of invoices and payments numbers come as numbers or strings; whatever is null stays untold."""
    expected = None if currency is None else Money(0, currency)
    total = total_of(told, expected)
    status = (text(told.get("status")) or "").lower()
    return InBooks(
        total=total,
        open_minor=_minor(told.get("amount_due"), told, total),
        void=status in _VOID,
        customer=identifier(told.get("customer_id")),
        number=text(told.get("document_number")),
        settles=_settles(told, total),
        archived=status in _ARCHIVED,
        synced_at=moment(told.get("last_synced_at")),
    )


def _settles(told: Mapping[str, Any], total: Money | None) -> Mapping[str, int] | None:
    links = told.get("linked_invoices")
    if not isinstance(links, list):
        return None
    found: dict[str, int] = {}
    for link in links:
        known = identifier(link.get("id")) if isinstance(link, dict) else None
        minor = _minor(link.get("amount", link.get("allocated_amount")), told, total) if known is not None else None
        if known is None or minor is None:
            return None
        found[known] = found.get(known, 0) + minor
    return found


def _minor(value: object, told: Mapping[str, Any], total: Money | None) -> int | None:
    if total is None or decimal(value) is None:
        return None
    amount = total_of({"total_amount": value, "currency_code": told.get("currency_code")}, total)
    return None if amount is None else amount.minor


def _deletion(event: Mapping[str, Any]) -> Deleted | None:
    """Rutter does not publish what `data` holds: an id there, or in the object under its own name."""
    kind = EVENT_NAMES.get(str(event.get("resource") or "").upper())
    data = event.get("data")
    if kind is None or not isinstance(data, dict):
        return None
    inner = data.get(kind.wrapper)
    known = identifier(data.get("id")) or (identifier(inner.get("id")) if isinstance(inner, dict) else None)
    return None if known is None else Deleted(kind, known, moment(event.get("last_synced_at")))
