"""Looking for a document in Rutter's copy of the books, when its answer was lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from consumers.ports import NotThere, Several, Sighting, There
from schemas import exact_json
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Ref
from schemas.outcomes import Deferred, Rejected, Unknown
from schemas.writes import StoredWrite
from service.rutter.reading import NotRead, Page, Reading
from service.rutter.settings import RutterSettings
from service.rutter.sightings import Fit, Sorted, linked, sort_out
from service.rutter.syncs import SyncState, configured, sync_state
from service.rutter.values import identifier, text, total_of
from service.rutter.voids import is_void

BEFORE: Final = timedelta(minutes=10)
"""How long before it was intended the window of last-synced objects begins: clocks differ, and reading more is safe."""
_NO_NAMED_FILTERS: Final = frozenset({"SAGE_INTACCT", "SAGE_INTACCT_V2", "SAGE_BUSINESS_CLOUD"})
"""Platforms whose lists take time bounds only (Rutter: list parameters)."""


class Looking:
    """Finds one document by its look. The first request's turn is the caller's; the others take their own."""

    def __init__(self, reading: Reading, settings: RutterSettings) -> None:
        self._reading = reading
        self._settings = settings

    async def look(self, connection: Connection, write: StoredWrite, since: datetime) -> Sighting | Deferred | Unknown:
        """The document, several that fit, or none. `since`: a sync must have begun later to prove that it is not there.

        The state of the sync is read before any list: a sync that ends in between proves nothing about what was read.
        """
        if _blind(write):
            return Unknown(reason="nothing to recognise it by in the books", job_id=write.job_id)
        state = await sync_state(self._reading, connection, turn=False)
        if not isinstance(state, SyncState):
            return _could_not(state, write)
        if write.kind is DocumentKind.CREDIT_APPLICATION:
            seen = await self._application(connection, write)
        elif write.kind is DocumentKind.INVOICE_VOID:
            seen = await self._void(connection, write)
        elif write.kind is DocumentKind.ATTACHMENT:
            seen = await self._listed(connection, write, {})
        else:
            seen = await self._document(connection, write, since, state)
        if not isinstance(seen, NotThere) or not seen.proves:
            return seen
        return NotThere(proves=await self._proves(connection, write, since, state))

    async def _document(
        self, connection: Connection, write: StoredWrite, since: datetime, state: SyncState
    ) -> Sighting | Deferred | Unknown:
        """By its exact number or name where the list takes one, then among everything synced since it was sent.

        The window is read only where it can still prove something: platforms may number by themselves.
        """
        named = _named_filter(connection, write)
        if named:
            found = await self._among(connection, write, named)
            if not isinstance(found, Sorted):
                return found
            if found.fitting:
                return _sighting(found, write)
            if not state.proves(write.kind, since, self._settings.proof_margin):
                return NotThere(proves=False)
        begun = min(since, write.intended_at)  # an earlier attempt, or a job that took long, may have written it
        window = {"sort": "last_synced_at ASC", "last_synced_at_min": str(_milliseconds(begun - BEFORE))}
        return await self._listed(connection, write, window)

    async def _listed(
        self, connection: Connection, write: StoredWrite, query: Mapping[str, str]
    ) -> Sighting | Deferred | Unknown:
        found = await self._among(connection, write, query)
        return _sighting(found, write) if isinstance(found, Sorted) else found

    async def _among(
        self, connection: Connection, write: StoredWrite, query: Mapping[str, str]
    ) -> Sorted | Deferred | Unknown:
        """Sort out a list. A list longer than the bound tells nothing."""
        path, plural = write.kind.path(write.parent_id), write.kind.plural
        objects: dict[str, dict[str, Any]] = {}
        nameless: list[dict[str, Any]] = []
        pages = 0
        async for page in self._reading.pages(connection, path, plural, query):
            if not isinstance(page, Page):
                return _could_not(page, write)
            for one in page.objects:
                known = identifier(one.get("id"))
                if known is None:
                    nameless.append(one)
                else:
                    objects[known] = one
            pages += 1
            if not page.complete and pages >= self._settings.max_look_pages:
                return Unknown(reason=f"more than {len(objects)} {plural} to look through", job_id=write.job_id)
        return sort_out([*objects.values(), *nameless], write.kind, write.look, connection.time_zone)

    async def _application(self, connection: Connection, write: StoredWrite) -> Sighting | Deferred | Unknown:
        """A credit application leaves no object: its credit memo tells which invoices it was applied to."""
        applied = _applied(write.body)
        if not applied:
            return Unknown(reason="the application names no invoice", job_id=write.job_id)
        memo = await self._parent(connection, write, DocumentKind.CREDIT_MEMO, str(write.parent_id))
        if not isinstance(memo, dict):
            return memo
        fit = [linked(memo, invoice_id, amount, write.look) for invoice_id, amount in applied]
        if all(one is Fit.YES for one in fit):
            return There(rutter_id=None, total=write.look.total)
        return NotThere(proves=all(one is Fit.NO for one in fit))

    async def _void(self, connection: Connection, write: StoredWrite) -> Sighting | Deferred | Unknown:
        """A void leaves no object of its own: its invoice tells. A deleted one tells nothing of a void."""
        known = str(write.parent_id)
        invoice = await self._parent(connection, write, DocumentKind.INVOICE, known)
        if not isinstance(invoice, dict):
            return invoice
        if is_void(invoice, connection.platform):
            return There(rutter_id=known, total=None)
        return NotThere(proves=text(invoice.get("status")) is not None)

    async def _parent(
        self, connection: Connection, write: StoredWrite, kind: DocumentKind, known: str
    ) -> dict[str, Any] | NotThere | Deferred | Unknown:
        """The document that tells of the write, as Rutter's copy has it."""
        value = await self._reading.get(connection, f"{kind.path()}/{quote(known, safe='')}")
        if isinstance(value, Rejected) and value.status in (404, 410):
            return NotThere(proves=False)
        if not isinstance(value, dict):
            return _could_not(value, write)
        parent = value.get(kind.wrapper)
        if not isinstance(parent, dict):
            return Unknown(reason=f"reading: an answer without the {kind.wrapper}", job_id=write.job_id)
        return parent

    async def _proves(self, connection: Connection, write: StoredWrite, since: datetime, state: SyncState) -> bool:
        if not state.proves(write.kind, since, self._settings.proof_margin):
            return False
        told = await configured(self._reading, connection, write.kind)
        return self._settings.assume_synced if told is None else told


def _sighting(found: Sorted, write: StoredWrite) -> Sighting:
    ids = tuple(str(one["id"]) for one in found.fitting)
    if len(ids) > 1:
        return Several(ids)
    if not ids:
        return NotThere(proves=not found.perhaps)
    return There(rutter_id=ids[0], total=total_of(found.fitting[0], write.look.total or write.total))


def _could_not(failed: NotRead | Deferred | Unknown, write: StoredWrite) -> Deferred | Unknown:
    """A refused read says nothing about the write."""
    if isinstance(failed, Deferred):
        return failed
    reason = f"could not look: {failed.code} {failed.message}" if isinstance(failed, Rejected) else failed.reason
    return Unknown(reason=reason.strip(), job_id=write.job_id, status=failed.status)


def _blind(write: StoredWrite) -> bool:
    """Whether the look names nothing, or something that has no id yet."""
    look = write.look
    if isinstance(look.customer, Ref) or isinstance(look.parent, Ref):
        return True
    if write.kind in (DocumentKind.CREDIT_APPLICATION, DocumentKind.INVOICE_VOID):
        return look.parent is None
    return look == Look(parent=look.parent)


def _named_filter(connection: Connection, write: StoredWrite) -> dict[str, str]:
    """The exact-match parameter of the kind's list, if it has one and the look gives its value."""
    if connection.platform.upper() in _NO_NAMED_FILTERS:
        return {}
    look = write.look
    match write.kind:
        case DocumentKind.INVOICE:
            given = {"document_number": look.document_number}
        case DocumentKind.CUSTOMER:
            given = {"customer_name": look.name}
        case DocumentKind.ITEM:
            given = {"name": look.name}
        case _:
            given = {}
    return {name: value for name, value in given.items() if value}


def _applied(body: bytes) -> list[tuple[str, object]]:
    """The invoices and amounts of a credit application's body."""
    value = exact_json.loads(body)
    application = value.get(DocumentKind.CREDIT_APPLICATION.value) if isinstance(value, dict) else None
    links = application.get("linked_invoices") if isinstance(application, dict) else None
    links = links if isinstance(links, list) else []
    return [
        (str(link["id"]), link.get("allocated_amount")) for link in links if isinstance(link, dict) and link.get("id")
    ]


def _milliseconds(at: datetime) -> int:
    return max(0, int(at.timestamp() * 1000))
