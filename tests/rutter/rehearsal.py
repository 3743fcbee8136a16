"""The sandbox with one company, and documents it takes."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx

from schemas.connections import Connection
from schemas.documents import DocumentKind, Look
from schemas.money import Money
from schemas.outcomes import Written
from schemas.writes import StoredWrite
from service.rutter.client import RutterClient
from service.rutter.reading import Reading
from service.rutter.transport import Transport

TWELVE = Money(1234, "USD")


@dataclass(frozen=True)
class Rehearsal:
    """A sandbox with one company, our client before it, and its control."""

    client: RutterClient
    reading: Reading
    transport: Transport
    connection: Connection
    made: dict[str, Any]
    control: httpx.AsyncClient

    async def told(self, path: str, **asked: Any) -> Any:
        answer = await self.control.post(f"/_sandbox/{path}", json=asked)
        assert answer.status_code < 300, answer.text
        return answer.json()


def write(template: StoredWrite, kind: DocumentKind, document: dict[str, Any], look: Look, **more: Any) -> StoredWrite:
    now = datetime.now(UTC)
    fields = {"total": TWELVE, "sent_at": now, "intended_at": now, **more}
    return replace(template, kind=kind, body=json.dumps({kind.value: document}).encode(), look=look, **fields)


async def customer(rehearsal: Rehearsal, template: StoredWrite) -> str:
    asked = write(template, DocumentKind.CUSTOMER, {"contact_name": "Ada Byron"}, Look(name="Ada Byron"), total=None)
    made = await rehearsal.client.post(
        rehearsal.connection, replace(asked, idempotency_key="11111111-2222-4333-8444-000000000001"), 5.0
    )
    assert isinstance(made, Written)
    assert made.rutter_id is not None
    assert made.total is None
    return made.rutter_id


def invoice_of(template: StoredWrite, customer_id: str, number: str = "1001") -> StoredWrite:
    document = {
        "customer_id": customer_id,
        "issue_date": "2026-11-02",
        "currency_code": "USD",
        "document_number": number,
        "line_items": [{"total_amount": 12.34, "description": f"Order {number}"}],
    }
    look = Look(document_number=number, customer=customer_id, total=TWELVE, date="2026-11-02")
    return write(template, DocumentKind.INVOICE, document, look)
