"""Invoices in the books of the sandbox: items made once, classes and terms of its lists, totals to the cent."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from schemas.events import Event, OrderCompleted
from schemas.mapping import Named, Tracking
from tests.posting.rig import MAPPING, order, rig


def sold(number: str, sku: str, tags: dict[str, str] | None = None) -> Event:
    """The rig's order, of that sku, with tags."""
    told = order(number)
    assert isinstance(told, OrderCompleted)
    (line,) = told.data.order.lines
    changed: dict[str, Any] = {"lines": (line.model_copy(update={"sku": sku}),), "tags": tags or {}}
    fact = told.data.order.model_copy(update=changed)
    return told.model_copy(update={"data": told.data.model_copy(update={"order": fact})})


async def test_one_item_is_made_for_a_sku_that_many_orders_have(tmp_path: Path) -> None:
    mapping = replace(MAPPING, items=replace(MAPPING.items, create=True))
    async with rig(tmp_path, mapping=mapping) as r:
        await r.tell(*(sold(str(number), "LAMP") for number in range(1001, 1009)))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (8, 0)
        assert len(await r.posts("item")) == 1
        invoices = await r.books("invoice")
        assert {one["total_amount"] for one in invoices} == {30.58}
        assert len({one["line_items"][0]["item"]["id"] for one in invoices}) == 1


async def test_a_class_and_terms_of_the_books_are_on_the_invoice(tmp_path: Path) -> None:
    mapping = replace(
        MAPPING, tracking=(Tracking(dimension="class", tag="channel", required=True),), terms=Named(name="Net 30")
    )
    async with rig(tmp_path, mapping=mapping) as r:
        await r.tell(sold("1001", "X", {"channel": "Wholesale"}), sold("1002", "X"))
        (group,) = await r.until_parked()
        assert (group.cause, group.subject) == ("unmapped tracking", "class")
        (invoice,) = await r.books("invoice")
        assert invoice["class_id"] is not None
        assert {one["class_id"] for one in invoice["line_items"]} == {invoice["class_id"]}
        assert (invoice["due_date"], invoice["total_amount"]) == ("2026-12-02", 30.58)
        assert invoice["payment_terms_id"] is not None
