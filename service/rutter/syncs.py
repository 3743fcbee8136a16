"""Whether Rutter's copy can prove that a document is not in the books.

Reads come from Rutter's copy of the books (Rutter: Rate limiting; Configuring platform data sync). Not finding a
document there means something only if that type of object is in the sync configuration and a sync began after the
document was sent, and has finished.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from schemas.connections import Connection
from schemas.documents import DocumentKind
from service.rutter.reading import NotRead, Reading
from service.rutter.values import moment

ENTITIES: Final[Mapping[DocumentKind, frozenset[str]]] = {
    DocumentKind.CUSTOMER: frozenset({"CUSTOMER", "CUSTOMERS", "ACCOUNTING_CUSTOMER"}),
    DocumentKind.ITEM: frozenset({"ITEM", "ITEMS"}),
    DocumentKind.INVOICE: frozenset({"INVOICE", "INVOICES"}),
    DocumentKind.INVOICE_PAYMENT: frozenset({"INVOICE_PAYMENT", "INVOICE_PAYMENTS"}),
    DocumentKind.CREDIT_MEMO: frozenset({"INVOICE_CREDIT_MEMO", "INVOICE_CREDIT_MEMOS"}),
    DocumentKind.CREDIT_APPLICATION: frozenset({"INVOICE_CREDIT_MEMO", "INVOICE_CREDIT_MEMOS"}),
    DocumentKind.CUSTOMER_REFUND: frozenset({"CUSTOMER_REFUND", "CUSTOMER_REFUNDS", "ACCOUNTING_CUSTOMER_REFUND"}),
    DocumentKind.ACCOUNT: frozenset({"ACCOUNT", "ACCOUNTS"}),
    DocumentKind.ATTACHMENT: frozenset({"INVOICE", "INVOICES"}),
    DocumentKind.INVOICE_VOID: frozenset({"INVOICE", "INVOICES"}),
}
"""Names under which a sync configuration may hold the objects of a kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """The connection's last sync, and what its scopes keep from Rutter (upper case)."""

    started_at: datetime | None
    completed_at: datetime | None
    unavailable: frozenset[str] = frozenset()

    def proves(self, kind: DocumentKind, since: datetime, margin: timedelta) -> bool:
        """Whether a sync began after `since` (the clocks may differ by `margin`) and finished, this kind included."""
        if self.started_at is None or self.completed_at is None or ENTITIES[kind] & self.unavailable:
            return False
        return self.started_at >= since + margin and self.completed_at >= self.started_at


async def sync_state(reading: Reading, connection: Connection, *, turn: bool) -> SyncState | NotRead:
    """GET /connections/access_token: start and end of the last sync, told together."""
    value = await reading.get(connection, "/connections/access_token", turn=turn)
    if not isinstance(value, dict):
        return value
    told = value.get("connection")
    told = told if isinstance(told, dict) else {}
    return SyncState(
        started_at=moment(told.get("last_sync_started_at")),
        completed_at=moment(told.get("last_sync_completed_at")),
        unavailable=_names(told.get("unavailable_objects")),
    )


async def configured(reading: Reading, connection: Connection, kind: DocumentKind) -> bool | None:
    """Whether incremental syncs include this kind: GET /configs/sync/connections/{id}. None = not told."""
    path = f"/configs/sync/connections/{quote(connection.rutter_id, safe='')}"
    value = await reading.get(connection, path, token=False)
    return covers(value, kind) if isinstance(value, dict) else None


def covers(configuration: Mapping[str, Any], kind: DocumentKind) -> bool | None:
    """Whether this sync configuration includes the kind in its incremental syncs; None when it does not say."""
    incremental = configuration.get("incrementalSync")
    entities = incremental.get("entities") if isinstance(incremental, dict) else None
    return bool(ENTITIES[kind] & _names(entities)) if isinstance(entities, list) else None


def _names(value: object) -> frozenset[str]:
    return frozenset(one.upper() for one in value if isinstance(one, str)) if isinstance(value, list) else frozenset()
