"""What the fuzzer starts from: real shapes of every kind of source, of a generated day and of a folder of samples."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sandbox.day.generate import generate
from schemas.sources import Kind

_NOW: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
_SHOP: Final = "5b6c1d3e-0000-4000-8000-000000000001"
_TOKEN: Final = "5b6c1d3e-0000-4000-8000-000000000002"  # noqa: S105 - made up
_BY_FOLDER: Final[dict[str, Kind]] = {
    "stripe": "stripe",
    "shopify": "shopify",
    "rutter": "rutter",
    "cloudevents": "cloudevents",
    "standard-webhooks": "standardwebhooks",
}


@dataclass(frozen=True, slots=True)
class Seed:
    """One delivery as it would come in unharmed."""

    kind: Kind
    headers: dict[str, str]
    body: bytes


def corpus(samples: Path | None) -> list[Seed]:
    """Every distinct shape."""
    seeds = [*_day(), *_rutter()]
    if samples is not None:
        seeds += _folder(samples)
    return seeds


def _day() -> Iterator[Seed]:
    day = generate(1, _NOW)
    kinds = {source.name: source.kind for source in day.sources}
    for telling in day.deliveries:
        headers = {name.lower(): value for name, value in telling.headers.items()}
        yield Seed(kinds[telling.source], headers, telling.body)
        if kinds[telling.source] == "cloudevents":
            yield Seed("standardwebhooks", {"content-type": "application/json"}, telling.body)


def _rutter() -> Iterator[Seed]:
    order = {
        "id": _SHOP, "platform_id": "1", "order_number": "1001", "name": "#1001", "status": "active",
        "payment_status": "paid", "iso_currency_code": "USD", "total_price": 37.34, "total_discount": 5, "total_tax": 2,
        "total_shipping": 12.34, "tags": [], "customer": {"id": _SHOP, "email": "a@example.com", "first_name": "Ada"},
        "line_items": [{"id": "1", "price": 28, "quantity": 2, "sku": "A", "title": "A shirt"}], "refunds": [],
        "transactions": [], "created_at": "2026-01-02T02:34:56.000Z", "updated_at": "2026-01-02T02:34:56.000Z",
    }  # fmt: skip
    money = {
        "id": _SHOP, "order_id": _SHOP, "status": "success", "type": "sale", "amount": 37.34, "fee": 1.1,
        "gateway": "stripe", "iso_currency_code": "USD", "created_at": "2026-01-02T02:34:56.000Z",
    }  # fmt: skip
    job = {"id": _SHOP, "status": "success", "request": {"method": "POST", "url": "https://example.com", "body": {}}}
    bodies: list[dict[str, Any]] = [
        {"type": "CONNECTION", "code": code}
        for code in ("INITIAL_UPDATE", "CONNECTION_UPDATED", "CONNECTION_NEEDS_UPDATE", "CONNECTION_DISABLED")
    ]
    bodies += [
        {"type": "ORDER", "code": "ORDER_CREATED", "order": order},
        {"type": "ORDER", "code": "ORDER_UPDATED", "order": order},
        {"type": "TRANSACTION", "code": "TRANSACTION_CREATED", "transaction": money},
        {"type": "JOB", "code": "JOB_COMPLETED", "job": job},
        {"type": "INVOICE", "code": "INVOICE_UPDATED", "invoice": {"id": _SHOP}},
        {"type": "ITEM", "code": "ITEM_CREATED", "item": {"id": _SHOP}},
    ]
    for body in bodies:
        whole = {**body, "connection_id": _SHOP, "access_token": _TOKEN}
        yield Seed("rutter", {"content-type": "application/json"}, json.dumps(whole).encode())


def _folder(samples: Path) -> Iterator[Seed]:
    for folder, kind in _BY_FOLDER.items():
        for path in sorted((samples / folder).glob("*.json")):
            yield Seed(kind, {"content-type": "application/json"}, path.read_bytes())
