"""Planting an error in the books before the audit: how anyone can see that the audit would notice one."""

from typing import Any, Final, Literal, get_args

import httpx

from service.cli.demonstration.stage import StageError

Error = Literal["double", "loss", "cent"]
ERRORS: Final[tuple[Error, ...]] = get_args(Error)


async def plant(error: Error, sandbox_url: str, credentials: tuple[str, str], token: str, company: str) -> str:
    """Enter an invoice twice, delete a payment, or change an invoice by one unit; answers what was done."""
    async with httpx.AsyncClient(base_url=sandbox_url, auth=credentials, timeout=30) as http:
        books = (await http.get("/_sandbox/books", params={"connection_id": company})).json()
        of_kind = {
            kind: [one["document"] for one in books["documents"] if one["type"] == kind]
            for kind in ("invoice", "invoice_payment")
        }
        match error:
            case "double":
                invoice = next(one for one in of_kind["invoice"] if not one["tax_amount"])
                await _post(http, token, invoice)
                return f"entered again: {invoice['memo']}"
            case "loss":
                payment = of_kind["invoice_payment"][0]
                await _outside(http, "delete", company, "invoice_payment", payment["id"], {})
                return f"deleted: {payment['memo']}"
            case "cent":
                invoice = next(one for one in of_kind["invoice"] if not one["linked_payments"])
                lines = [_line(line) for line in invoice["line_items"]]
                lines[0]["total_amount"] = round(lines[0]["total_amount"] + 0.01, 2)
                lines[0].pop("item")
                await _outside(http, "edit", company, "invoice", invoice["id"], {"line_items": lines})
                return f"one cent more: {invoice['memo']}"


def _line(line: dict[str, Any]) -> dict[str, Any]:
    item = {"id": line["item"]["id"]} if line.get("item") else None
    shown = {"description": line["description"], "total_amount": line["total_amount"], "item": item}
    return {name: value for name, value in shown.items() if value is not None}


async def _post(http: httpx.AsyncClient, token: str, invoice: dict[str, Any]) -> None:
    body = {
        "customer_id": invoice["customer_id"],
        "issue_date": invoice["issue_date"],
        "currency_code": invoice["currency_code"],
        "memo": invoice["memo"],
        "line_items": [_line(line) for line in invoice["line_items"]],
    }
    answer = await http.post(
        "/versioned/accounting/invoices",
        params={"access_token": token},
        json={"invoice": body},
        headers={"X-Rutter-Version": "2024-08-31"},
    )
    if not answer.is_success:
        raise StageError(f"planting failed: {answer.status_code} {answer.text[:300]}")


async def _outside(
    http: httpx.AsyncClient, what: str, company: str, kind: str, document: str, fields: dict[str, Any]
) -> None:
    asked = {"connection_id": company, "type": kind, "id": document, "fields": fields}
    answer = await http.post(f"/_sandbox/documents/{what}", json=asked)
    if not answer.is_success:
        raise StageError(f"planting failed: {answer.status_code} {answer.text[:300]}")
