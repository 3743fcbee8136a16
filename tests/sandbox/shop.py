"""A connection under test: Rutter's API and the sandbox's controls over real HTTP, with the ids that tests need."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

import httpx
import orjson

Json = dict[str, Any]
VERSION = "2024-08-31"


@dataclass(slots=True)
class Shop:
    """One connection. Requests go out as given; `json` bodies may hold Decimals."""

    http: httpx.AsyncClient
    connection_id: str
    access_token: str
    accounts: dict[str, str]
    items: dict[str, str]
    public_token: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def post(self, path: str, body: Json, *, key: str | None = None, **query: str) -> httpx.Response:
        """POST to an accounting path."""
        headers = {"idempotency-key": key} if key else {}
        return await self.http.post(
            f"/versioned/accounting/{path}",
            params={"access_token": self.access_token, **query},
            content=orjson.dumps(body, default=lambda one: orjson.Fragment(str(one))),
            headers={**headers, "content-type": "application/json"},
        )

    async def get(self, path: str, **query: str) -> httpx.Response:
        """GET under the versioned root, with the access token."""
        return await self.http.get(f"/versioned/{path}", params={"access_token": self.access_token, **query})

    async def patch(self, path: str, body: Json) -> httpx.Response:
        """PATCH an accounting path."""
        return await self.http.patch(
            f"/versioned/accounting/{path}", params={"access_token": self.access_token}, json=body
        )

    async def delete(self, path: str) -> httpx.Response:
        """DELETE an accounting path."""
        return await self.http.delete(f"/versioned/accounting/{path}", params={"access_token": self.access_token})

    async def control(self, path: str, body: Json) -> Json:
        """POST a control; anything but 2xx fails the test."""
        answer = await self.http.post(f"/_sandbox/{path}", json=body)
        assert answer.is_success, answer.text
        told: Json = answer.json()
        return told

    async def told(self, path: str, **query: str) -> Json:
        """GET a control."""
        told: Json = (await self.http.get(f"/_sandbox/{path}", params=query)).json()
        return told

    async def books(self) -> Json:
        """The connection's books."""
        return await self.told("books", connection_id=self.connection_id)

    async def balances(self) -> dict[str, str]:
        """`role currency` to balance."""
        return {f"{row['role']} {row['currency']}": row["balance"] for row in (await self.books())["trial_balance"]}

    async def customer(self, name: str = "Ada Byron", **extra: str) -> str:
        """A new customer's id."""
        made = await self.post("customers", {"customer": {"contact_name": name, "additional_fields": extra or None}})
        assert made.status_code == 200, made.text
        return str(made.json()["customer"]["id"])

    def invoice_body(self, customer_id: str, total: str | Decimal = "10.00", **fields: Any) -> Json:
        """An invoice of one line on the Sales item."""
        body = {
            "customer_id": customer_id,
            "issue_date": "2026-01-15",
            "currency_code": "USD",
            "line_items": [{"total_amount": Decimal(total), "item": {"id": self.items["Sales"]}}],
        }
        return {"invoice": {**body, **fields}}

    async def invoice(self, customer_id: str, total: str | Decimal = "10.00", **fields: Any) -> Json:
        """A posted invoice."""
        made = await self.post("invoices", self.invoice_body(customer_id, total, **fields))
        assert made.status_code == 200, made.text
        posted: Json = made.json()["invoice"]
        return posted

    def payment_body(self, customer_id: str, total: str, *links: tuple[str, str]) -> Json:
        """A payment into the Stripe clearing account; links are (invoice id, amount)."""
        return {
            "invoice_payment": {
                "account_id": self.accounts["stripe_clearing"],
                "customer_id": customer_id,
                "txn_date": "2026-01-16",
                "currency_code": "USD",
                "total_amount": Decimal(total),
                "linked_invoices": [{"id": one, "amount": Decimal(amount)} for one, amount in links],
            }
        }

    def memo_body(self, customer_id: str, total: str = "4.00", **fields: Any) -> Json:
        """A credit memo of one line on the Sales item."""
        line = {"description": "back", "total_amount": total, "item": {"id": self.items["Sales"]}}
        body = {
            "customer_id": customer_id,
            "issue_date": "2026-01-17",
            "line_items": [line],
            "currency_code": "USD",
        }
        return {"invoice_credit_memo": {**body, **fields}}

    def refund_body(self, total: str, **fields: Any) -> Json:
        """A customer refund of one line out of the Stripe clearing account."""
        line = {"total_amount": Decimal(total), "item": {"id": self.items["Sales"]}}
        body = {"account_id": self.accounts["stripe_clearing"], "line_items": [line]}
        return {"customer_refund": {**body, **fields}}
