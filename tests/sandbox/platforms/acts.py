"""What tests of every platform do: make lines, tax rates and invoices, and read why something was refused."""

from decimal import Decimal
from typing import Any

import httpx

from tests.sandbox.shop import Json, Shop


def line(shop: Shop, total: str, **fields: Any) -> Json:
    """A line on the Sales item."""
    return {"total_amount": Decimal(total), "item": {"id": shop.items["Sales"]}, **fields}


async def by_hand(shop: Shop, kind: str, **fields: Any) -> str:
    """The id of an object that a person made in the platform itself."""
    asked = {"connection_id": shop.connection_id, "type": kind, "fields": fields}
    return str((await shop.control("documents/create", asked))["id"])


async def tax_rate(shop: Shop, name: str, percent: float) -> str:
    """A tax rate that the company has."""
    return await by_hand(shop, "tax_rate", name=name, total_tax_rate=percent)


async def refusal(shop: Shop, answer: httpx.Response) -> tuple[int, str | None]:
    """The status and the sandbox's own word for the reason."""
    return answer.status_code, (await shop.told("requests"))["requests"][-1]["reason"]


async def paid_invoice(shop: Shop, total: str = "10.00") -> Json:
    """An invoice of a new customer, paid in full."""
    customer = await shop.customer("Someone who paid")
    invoice = await shop.invoice(customer, total)
    paid = await shop.post("invoice_payments", shop.payment_body(customer, total, (invoice["id"], total)))
    assert paid.status_code == 200, paid.text
    return invoice


async def read(shop: Shop, plural: str, object_id: str) -> Json:
    """The object as Rutter's copy has it."""
    ((_, found),) = [
        pair for pair in (await shop.get(f"accounting/{plural}/{object_id}")).json().items() if pair[0] != "connection"
    ]
    told: Json = found
    return told


async def void(shop: Shop, invoice_id: str) -> httpx.Response:
    """The answer to voiding an invoice."""
    return await shop.patch(f"invoices/{invoice_id}", {"invoice": {"status": "void"}})
