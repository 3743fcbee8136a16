"""From events to documents in the books, in whatever order they come."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.mapping import Policies
from tests.posting.rig import MAPPING, order, payment, refund, rig


def began(asked: dict[str, Any]) -> datetime:
    """When the sandbox took the request in."""
    return datetime.fromisoformat(asked["time"])


async def test_an_order_its_payment_and_a_refund_become_three_documents(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"), payment("ch_1", "1001"), refund("re_1", "1001", 1000, through="ch_1"))
        counts = await r.settle()
        assert (counts.done, counts.held, counts.parked) == (3, 0, 0)
        (invoice,) = await r.books("invoice")
        assert (invoice["total_amount"], invoice["tax_amount"], invoice["amount_due"]) == (30.58, 1.90, 0)
        assert (invoice["memo"], invoice["document_number"], invoice["status"]) == ("Order 1001", "1001", "paid")
        (paid,) = await r.books("invoice_payment")
        assert (paid["total_amount"], paid["memo"]) == ("30.58", "Payment ch_1")
        (memo,) = await r.books("invoice_credit_memo")
        assert (memo["total_amount"], memo["remaining_amount"]) == ("10.00", "10.00")


async def test_the_last_told_first_waits_for_what_it_refers_to(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(refund("re_1", "1001", 1000, through="ch_1"))
        await r.tell(payment("ch_1", "1001"))
        assert (await r.settle()).held == 2
        await r.tell(order("1001"))
        counts = await r.settle()
        assert (counts.done, counts.held) == (3, 0)
        assert len(await r.books("invoice")) == len(await r.books("invoice_payment")) == 1


async def test_told_again_nothing_is_asked_of_rutter(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        events = (order("1001"), payment("ch_1", "1001"))
        await r.tell(*events)
        await r.settle()
        before = len((await r.http.get("/_sandbox/requests")).json()["requests"])
        await r.tell(*events, *events)
        await r.settle()
        assert len((await r.http.get("/_sandbox/requests")).json()["requests"]) == before


async def test_one_person_ordering_at_once_is_one_customer(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(*(order(str(number)) for number in range(1001, 1021)))
        assert (await r.settle()).done == 20
        assert len(await r.posts("customer")) == 1
        assert len({invoice["customer_id"] for invoice in await r.books("invoice")}) == 1


async def test_the_first_taxed_document_is_proved_before_the_second_is_sent(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.fault(endpoint="invoices", times=1, kind="latency", seconds=0.3)
        await r.tell(*(order(str(number)) for number in range(1001, 1006)))
        await r.settle()
        first, *others = sorted(await r.posts("invoice"), key=began)
        assert len(others) == 4
        assert first["milliseconds"] >= 300
        assert all(began(asked) >= began(first) + timedelta(milliseconds=300) for asked in others)


async def test_a_credit_without_money_goes_on_what_is_open(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"), payment("ch_1", "1001", 2058), refund("re_1", "1001", 700, through=None))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (3, 0)
        (invoice,) = await r.books("invoice")
        assert invoice["amount_due"] == 3.00
        (memo,) = await r.books("invoice_credit_memo")
        assert (memo["total_amount"], memo["remaining_amount"], memo["status"]) == ("7.00", "0.00", "APPLIED")


async def test_a_refund_of_money_becomes_a_customer_refund_where_that_is_the_policy(tmp_path: Path) -> None:
    mapping = replace(MAPPING, policies=Policies(refund="customer_refund"))
    async with rig(tmp_path, mapping=mapping) as r:
        await r.tell(order("1001"), payment("ch_1", "1001"), refund("re_1", "1001", 1000, through="ch_1"))
        assert (await r.settle()).done == 3
        assert [back["total_amount"] for back in await r.books("customer_refund")] == [10.00]
        assert await r.books("invoice_credit_memo") == []


async def test_without_a_refund_policy_it_is_asked_not_guessed(tmp_path: Path) -> None:
    async with rig(tmp_path, mapping=replace(MAPPING, policies=Policies())) as r:
        await r.tell(order("1001"), payment("ch_1", "1001"), refund("re_1", "1001", 1000, through="ch_1"))
        groups = await r.until_parked()
        assert [group.cause for group in groups] == ["no refund policy"]
        assert len(await r.books("invoice_payment")) == 1


async def test_yen_and_dinars(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001", 5000, tax=400, currency="JPY"), order("1002", 12345, tax=1000, currency="KWD"))
        assert (await r.settle()).done == 2
        totals = {invoice["currency_code"]: invoice["total_amount"] for invoice in await r.books("invoice")}
        assert totals == {"JPY": 5000, "KWD": 12.345}
