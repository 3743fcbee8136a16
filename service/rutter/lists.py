"""Our copy of the merchant's own lists, kept fresh from Rutter's. Fits `consumers.ports.Lists`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from consumers.ports import Clock
from schemas.books import Entry
from schemas.connections import Connection
from schemas.outcomes import Outcome, Rejected, Unknown
from service.rutter.reading import Page, Reading
from service.rutter.values import decimal, identifier, moment, text, whole

NEVER: Final = datetime.fromtimestamp(0, UTC)
"""Stored as the time of refreshing while a first copy is still incomplete."""
OVERLAP: Final = timedelta(minutes=5)
"""Objects may show up in Rutter's copy a little out of order, so each refresh begins before the last one's end."""
PLURALS: Final = {
    "account": "accounts",
    "customer": "customers",
    "item": "items",
    "payment_method": "payment_methods",
    "tax_rate": "tax_rates",
    "class": "classes",
    "department": "departments",
    "location": "locations",
    "payment_term": "payment_terms",
    "custom_field": "custom_fields",
}
_OPTIONAL: Final = frozenset(PLURALS) - {"account", "customer", "item"}
"""Some platforms have none, and answer 404."""
_CUSTOM_FIELDS: Final = "/accounting/invoices/custom_fields"
"""A short list for each type of document, told whole (Rutter: List custom fields)."""

_RATES: Final = ("effective_tax_rate", "total_tax_rate")
"""Compounded, and as the plain sum."""


class EntryStore(Protocol):
    """Where the copies are kept: the trail."""

    async def marks(self, alias: str) -> Mapping[str, tuple[datetime, datetime | None]]:
        """By object: when its copy was last refreshed whole, and the latest `last_synced_at` in it."""
        ...

    async def put_entries(
        self, alias: str, object_: str, entries: Sequence[Entry], refreshed_at: datetime, high_water: datetime | None
    ) -> None:
        """Add or replace by id, and move the object's mark, in one transaction."""
        ...


@dataclass(frozen=True, slots=True)
class _Mark:
    refreshed_at: datetime
    high_water: datetime | None


class RutterLists:
    """Pages through what changed since the last refresh, and stores page by page: an interruption loses one page."""

    def __init__(self, reading: Reading, store: EntryStore, clock: Clock, *, max_pages: int) -> None:
        self._reading = reading
        self._store = store
        self._clock = clock
        self._max_pages = max_pages

    async def refresh(self, connection: Connection, objects: frozenset[str], *, older_than: datetime) -> Outcome | None:
        """Bring the copies last refreshed before `older_than` up to date; None when all are.

        An object that is not one of `PLURALS` is a bug and raises.
        """
        marks = await self._store.marks(connection.alias)
        for name in sorted(objects):
            refreshed_at, high_water = marks.get(name, (NEVER, None))
            if refreshed_at >= older_than:
                continue
            failed = await self._one(connection, name, _Mark(refreshed_at, high_water))
            if failed is not None:
                return failed
        return None

    async def _one(self, connection: Connection, name: str, mark: _Mark) -> Outcome | None:
        begun = self._clock.now()
        plural = PLURALS[name]
        path = _CUSTOM_FIELDS if name == "custom_field" else f"/accounting/{plural}"
        query = {} if name == "custom_field" else {"sort": "last_synced_at ASC"}
        if query and mark.high_water is not None:
            query["last_synced_at_min"] = str(int(max(mark.high_water - OVERLAP, NEVER).timestamp() * 1000))
        high, pages = mark.high_water, 0
        async for page in self._reading.pages(connection, path, plural, query):
            if isinstance(page, Rejected) and page.status in (404, 410) and name in _OPTIONAL:
                page = Page((), complete=True)  # noqa: PLW2901  # the platform has no such list, which is an empty one
            if not isinstance(page, Page):
                return page
            synced = [at for at in (moment(one.get("last_synced_at")) for one in page.objects) if at is not None]
            high = max([*synced, *([high] if high else [])], default=None)
            pages += 1
            entries = [entry for one in page.objects if (entry := entry_of(name, one)) is not None]
            refreshed = begun if page.complete else mark.refreshed_at
            await self._store.put_entries(connection.alias, name, entries, refreshed, high)
            if not page.complete and pages >= self._max_pages:
                return Unknown(reason=f"reading: more than {pages} pages of {plural}")
        return None


def entry_of(name: str, told: Mapping[str, Any]) -> Entry | None:
    """One object as an entry; None when it has no id to refer to it by."""
    known = identifier(told.get("id"))
    if known is None:
        return None
    shown, code, kind, email = text(told.get("name")), None, None, None
    rate: Decimal | None = None
    days: int | None = None
    match name:
        case "account":
            code, kind = text(told.get("nominal_code")), text(told.get("account_type"))
        case "customer":
            shown = text(told.get("customer_name")) or text(told.get("contact_name"))
            email = text(told.get("email"))
        case "item":
            code, kind = text(told.get("code")), text(told.get("type"))
        case "tax_rate":
            code = text(told.get("code"))
            rate = next((told_rate for one in _RATES if (told_rate := decimal(told.get(one))) is not None), None)
        case "payment_term":
            shown, days = text(told.get("term_name")), whole(told.get("due_days"))
        case "custom_field":
            code = text(told.get("key"))
        case _:
            pass
    status = told.get("status")
    return Entry(
        id=known,
        name=shown,
        code=code,
        email=email,
        currency=text(told.get("currency_code")),
        active=status not in ("inactive", "archived", "pending"),
        type=kind,
        rate=None if rate is None else f"{rate.normalize():f}",
        days=days,
    )
