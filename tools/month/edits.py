"""What people do in the books in the middle of the month, past everybody: by the sandbox's controls."""

from decimal import Decimal
from typing import Any

import httpx

from sandbox.day.money import major
from sandbox.month.audit import Report
from sandbox.month.facts import Edit, Order
from sandbox.month.reckoning import Reckoning
from tools.month.stage import Company, StageError, control


async def edit(http: httpx.AsyncClient, company: Company, books: Report, one: Edit, names: Reckoning) -> None:
    """Do it to the one invoice of that order's customer.

    Raises:
        StageError: the invoice is not there, or the sandbox would not.
    """
    invoice = _invoice(books, names.called(one.order.buyer, one.order.currency))
    asked: dict[str, Any] = {"connection_id": company.id, "type": "invoice", "id": invoice["id"]}
    match one.hand:
        case "paid":
            await control(http, "documents/pay", {**asked, "date": invoice["issue_date"]})
        case "voided":
            await control(http, "documents/void", asked)
        case "deleted":
            await control(http, "documents/delete", asked)
        case "changed":
            await control(http, "documents/edit", {**asked, "fields": {"line_items": [_dearer(invoice, one)]}})
        case "merged":
            into: Order = one.into or one.order
            other = _invoice(books, names.called(into.buyer, into.currency))
            merged = {"connection_id": company.id, "id": invoice["customer_id"], "into": other["customer_id"]}
            await control(http, "documents/merge", merged)


def _dearer(invoice: dict[str, Any], one: Edit) -> dict[str, Any]:
    (line,) = invoice["line_items"]
    more = Decimal(str(line["total_amount"])) + Decimal(major(one.amount, one.order.currency))
    return {"description": line["description"], "total_amount": float(more), "item": {"id": line["item"]["id"]}}


def _invoice(books: Report, customer: str) -> dict[str, Any]:
    ids = {row["id"] for row in books["customers"] if row["customer_name"] == customer}
    found = [
        row["document"]
        for row in books["documents"]
        if row["type"] == "invoice" and row["document"]["customer_id"] in ids
    ]
    if len(found) != 1:
        raise StageError(f"{customer} has {len(found)} invoices in the books, where one was expected")
    one: dict[str, Any] = found[0]
    return one
