"""To the smallest unit, in currencies with none, two and three decimals: each part of an order, split, given back."""

from decimal import Decimal
from pathlib import Path

import pytest

from schemas.events import Event
from tests.posting.rig import event, payment, rig

DECIMALS = {"JPY": 0, "USD": 2, "KWD": 3}


def whole_order(currency: str) -> Event:
    """2000 + 999 - 1 + 3 tax + 500 shipping + 7 tax on it + 11 tip - 2 rounding - 100 discount = 3417."""
    return event(
        "order.completed",
        "order",
        {
            "id": "1001", "number": "1001", "completed_at": "2026-11-02T10:15:00Z", "currency": currency,
            "customer": {"id": "c-9", "name": "Ada Byron", "email": "ada@example.com"},
            "lines": [
                {"id": "1", "sku": None, "description": "Thirds", "quantity": "3", "unit_price": "6.67", "total": 2000,
                 "taxes": [{"code": "A", "rate": None, "amount": 2}, {"code": "B", "rate": None, "amount": 1}]},
                {"id": "2", "sku": None, "description": "One", "quantity": "1", "unit_price": None, "total": 999},
                {"id": "3", "sku": None, "description": "Back", "quantity": "1", "unit_price": None, "total": -1},
            ],
            "shipping": {"total": 500, "taxes": [{"code": "A", "rate": None, "amount": 7}]},
            "tip": 11, "rounding": -2, "discount": 100, "total": 3417,
        },
    )  # fmt: skip


def part_back(currency: str) -> Event:
    """1000 + 1 tax + 10 shipping - 4 adjustment = 1007, as a credit without money."""
    return event(
        "refund.issued",
        "refund",
        {
            "id": "re_1", "issued_at": "2026-11-09T09:00:00Z", "currency": currency, "amount": 1007, "reason": None,
            "order_id": "1001",
            "lines": [{"order_line_id": "1", "sku": None, "description": "Thirds", "quantity": "1", "total": 1000,
                       "taxes": [{"code": "A", "rate": None, "amount": 1}]}],
            "shipping": {"total": 10}, "adjustment": -4, "money": [],
        },
    )  # fmt: skip


@pytest.mark.parametrize("currency", DECIMALS)
async def test_every_part_of_an_order_comes_to_its_total(tmp_path: Path, currency: str) -> None:
    async with rig(tmp_path) as r:
        await r.tell(whole_order(currency), payment("p-1", "1001", 1, currency), payment("p-2", "1001", 2409, currency))
        await r.tell(part_back(currency))
        counts = await r.settle()
        assert (counts.done, counts.held, counts.parked) == (4, 0, 0)
        unit = Decimal(1).scaleb(-DECIMALS[currency])
        (invoice,) = await r.books("invoice")
        assert Decimal(str(invoice["total_amount"])) == 3417 * unit
        assert Decimal(str(invoice["tax_amount"])) == 10 * unit
        assert Decimal(str(invoice["amount_due"])) == 0  # 3417 - 1 - 2409 - 1007
        paid = sorted(Decimal(str(one["total_amount"])) for one in await r.books("invoice_payment"))
        assert paid == [1 * unit, 2409 * unit]
        (memo,) = await r.books("invoice_credit_memo")
        assert Decimal(memo["total_amount"]) == 1007 * unit
        assert Decimal(memo["remaining_amount"]) == 0
