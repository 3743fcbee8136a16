"""What people do in the books, over HTTP against the sandbox: noticed, kept, told, and never written over."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas.deliveries import BooksChanged, ListChanged
from service.trail import entries
from service.trail.fact_tables import writes
from service.trail.releasing import release
from service.trail.tables import outbox
from tests.noticing.books import Books, books
from tests.posting.rig import order, payment

TOTAL = 3058


async def test_an_invoice_is_paid_by_hand(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        invoice = await b.id_of("invoice:1001")
        before = await b.writes()

        await b.person("pay", id=invoice, amount=10.58)
        await b.told("invoice", invoice)
        seen = await b.seen("invoice:1001")
        assert seen is not None
        assert (seen.status, seen.open_minor) == ("open", 2000)

        await b.person("pay", id=invoice)
        await b.told("invoice", invoice)
        seen = await b.seen("invoice:1001")
        assert seen is not None
        assert (seen.status, seen.open_minor) == ("paid", 0)

        assert await b.noticed() == [("invoice:1001", "paid by hand")] * 2
        assert await b.writes() == before


async def test_our_own_writes_that_come_back_change_nothing(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        await b.rig.tell(payment("p1", "1001", 1058), payment("p2", "1001", 2000))
        await b.rig.settle()
        for key, object_ in (("invoice:1001", "invoice"), ("payment:p1", "invoice_payment")):
            await b.told(object_, await b.id_of(key))  # type: ignore[arg-type]  # one of Rutter's names
        await b.told("customer", await b.id_of("customer:c-9:USD"), "created")
        await b.sweep()

        assert await b.noticed() == []
        assert await b.seen("invoice:1001") is None


async def test_our_payment_after_one_by_hand_is_no_news(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        invoice = await b.id_of("invoice:1001")
        await b.person("pay", id=invoice, amount=10.58)
        await b.told("invoice", invoice)
        await b.rig.tell(payment("p1", "1001", 2000))
        await b.rig.settle()
        await b.told("invoice", invoice)

        assert await b.noticed() == [("invoice:1001", "paid by hand")]
        seen = await b.seen("invoice:1001")
        assert seen is not None
        assert (seen.status, seen.open_minor) == ("paid", 0)


async def test_an_amount_is_changed_and_changed_back(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        invoice = await b.id_of("invoice:1001")
        [was] = await b.rig.books("invoice")
        lines = [_line(one) for one in was["line_items"]]
        dearer = [{**lines[0], "total_amount": lines[0]["total_amount"] + 1, "item": _item(lines[0])}, *lines[1:]]
        await b.person("edit", type="invoice", id=invoice, fields={"line_items": dearer})
        await b.told("invoice", invoice)
        seen = await b.seen("invoice:1001")
        assert seen is not None
        assert seen.status == "changed"
        [changed] = [one for one in await _told_others(b) if one["type"] == "document.changed"]
        assert changed["data"]["differences"][0] == {"what": "total", "ours": "30.58 USD", "books": "31.58 USD"}
        assert changed["data"]["seen"]["status"] == "changed"

        await b.person("edit", type="invoice", id=invoice, fields={"line_items": lines})
        await b.told("invoice", invoice)
        assert await b.seen("invoice:1001") is None
        assert await b.noticed() == [("invoice:1001", "edited"), ("invoice:1001", "as we wrote it again")]


@pytest.mark.parametrize(("act", "status", "what"), [("void", "void", "voided"), ("delete", "deleted", "deleted")])
async def test_an_invoice_is_voided_or_deleted(tmp_path: Path, act: str, status: str, what: str) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        invoice, before = await b.id_of("invoice:1001"), await b.writes()
        await b.person(act, type="invoice", id=invoice)
        for _ in range(2):  # told twice, noticed once
            await b.told("invoice", invoice, "deleted" if act == "delete" else "updated")

        seen = await b.seen("invoice:1001")
        assert seen is not None
        assert seen.status == status
        assert (await b.noticed(), await b.writes()) == ([("invoice:1001", what)], before)


async def test_an_invoice_comes_back_under_another_id(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        was = await b.id_of("invoice:1001")
        made = await b.person("replace", id=was)
        await b.told("invoice", was, "deleted")

        assert await b.id_of("invoice:1001") == made["id"] != was
        assert await b.noticed() == [("invoice:1001", "replaced")]
        await b.rig.tell(payment("p1", "1001", TOTAL))
        await b.rig.settle()
        [paid] = await b.rig.books("invoice")
        assert (paid["id"], paid["status"]) == (made["id"], "paid")


async def test_a_sweep_finds_what_nobody_told(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await b.rig.tell(*(order(str(number)) for number in (1001, 1002, 1003)))
        await b.rig.settle()
        assert (await b.sweep()).noticed == []
        await b.person("pay", id=await b.id_of("invoice:1001"))
        await b.person("delete", type="invoice", id=await b.id_of("invoice:1002"))
        replaced = await b.person("replace", id=await b.id_of("invoice:1003"))
        report = await b.sweep()

        told = {key: what.value for key, what in report.noticed}
        assert told == {"invoice:1001": "paid by hand", "invoice:1002": "deleted", "invoice:1003": "replaced"}
        assert await b.id_of("invoice:1003") == replaced["id"]
        assert (await b.sweep()).noticed == []


async def test_the_customer_follows_a_merge(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        was = await b.id_of("customer:c-9:USD")
        into = await b.person("create", type="customer", fields={"contact_name": "Ada", "customer_name": "Ada II"})
        await b.person("merge", id=was, into=into["id"])
        await b.told("customer", was)
        await b.told("invoice", await b.id_of("invoice:1001"))

        assert await b.id_of("customer:c-9:USD") == into["id"]
        assert await b.noticed() == [("customer:c-9:USD", "merged")]
        await b.rig.tell(order("1002"))
        await b.rig.settle()
        assert {one["customer_id"] for one in await b.rig.books("invoice")} == {into["id"]}


async def test_an_archived_customer_without_a_successor_is_told(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        customer = await b.id_of("customer:c-9:USD")
        await b.person("edit", type="customer", id=customer, fields={"status": "archived"})
        for _ in range(2):
            await b.told("customer", customer)

        assert await b.id_of("customer:c-9:USD") == customer
        assert await b.noticed() == [("customer:c-9:USD", "archived")]

        await b.rig.tell(order("1002"))
        (group,) = await b.rig.until_parked()
        assert group.fingerprint == "edited in the books: customer Ada Byron"
        await b.person("edit", type="customer", id=customer, fields={"status": "active"})
        await b.told("customer", customer)
        now = b.rig.clock.now()
        await b.rig.trail.run(lambda c: release(c, now, fingerprints=[group.fingerprint]))
        counts = await b.rig.settle()
        assert (counts.done, counts.parked) == (2, 0)


async def test_many_changes_are_read_as_a_list(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await b.rig.tell(*(order(str(number)) for number in range(1000, 1015)))
        await b.rig.settle()
        ids = {key: await b.id_of(key) for key in (f"invoice:{number}" for number in range(1000, 1015))}
        await b.sweep()
        await b.person("pay", id=ids["invoice:1007"])
        before = await b.reads("/accounting/invoices")
        for rutter_id in list(ids.values())[:-1]:
            await b.rig.trail.callbacks.books_changed(BooksChanged(b.rig.company, "invoice", rutter_id, "updated"))
        await b.told("invoice", ids["invoice:1014"])

        assert await b.noticed() == [("invoice:1007", "paid by hand")]
        asked = (await b.rig.http.get("/_sandbox/requests")).json()["requests"]
        assert [one for one in asked if one["method"] == "GET" and "/accounting/invoices/" in one["path"]] == []
        assert await b.reads("/accounting/invoices") == before + 1


async def test_a_copy_from_before_our_payment_is_not_believed(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await b.rig.http.post("/_sandbox/switches", json={"stale_reads": "fresh"})
        await _posted(b)
        await b.rig.http.post("/_sandbox/switches", json={"stale_reads": "all"})
        await b.rig.tell(payment("p1", "1001", TOTAL))
        await b.rig.settle()
        await _pretend_sent_now(b)
        await b.told("invoice", await b.id_of("invoice:1001"))
        assert await b.noticed() == []

        await b.rig.http.post("/_sandbox/connections/sync", json={"connection_id": b.rig.company})
        assert (await b.sweep()).noticed == []


async def test_a_list_that_changed_is_read_before_it_is_believed(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        items = await b.rig.trail.read(lambda c: entries.marks(c, "acme"))
        assert "item" in items
        (sales,) = [one for one in (await _items(b)) if one["name"] == "Sales"]
        await b.person("edit", type="item", id=sales["id"], fields={"name": "Old sales"})
        await b.person("create", type="item", fields={"name": "Sales", "type": "service"})
        await b.rig.trail.callbacks.list_changed(ListChanged(b.rig.company, "item"))
        await b.rig.tell(order("1002", tax=0))
        await b.rig.settle()

        [second] = [one for one in await b.rig.books("invoice") if one["document_number"] == "1002"]
        assert second["line_items"][0]["item"]["id"] != sales["id"]


async def test_what_is_not_ours_costs_nothing(tmp_path: Path) -> None:
    async with books(tmp_path) as b:
        await _posted(b)
        before = len((await b.rig.http.get("/_sandbox/requests")).json()["requests"])
        await b.told("invoice", "11111111-2222-4333-8444-555555555555")
        await b.told("invoice_payment", "11111111-2222-4333-8444-555555555555", "created")
        after = (await b.rig.http.get("/_sandbox/requests")).json()["requests"][before:]
        assert [
            one["path"] for one in after if "/accounting/invoice" in one["path"] and one["path"][-4:] == "5555"
        ] == []


async def _posted(b: Books) -> None:
    await b.rig.tell(order("1001", TOTAL))
    await b.rig.settle()
    await b.sweep()


async def _items(b: Books) -> list[dict[str, Any]]:
    query = {"access_token": b.rig.token, "limit": "100"}
    settings = b.sandbox.settings
    answer = await b.rig.http.get(
        "/versioned/accounting/items",
        params=query,
        auth=(settings.client_id, settings.client_secret),
        headers={"x-rutter-version": "2024-08-31"},
    )
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def _pretend_sent_now(b: Books) -> None:
    """The rig's clock is elsewhere than the sandbox's: put our payment after what the copy was read at."""
    late = datetime(2035, 1, 1, tzinfo=UTC)
    await b.rig.trail.run(lambda c: c.execute(writes.update().where(writes.c.key == "payment:p1").values(sent_at=late)))


async def _told_others(b: Books) -> list[dict[str, Any]]:
    rows = await b.rig.trail.read(lambda c: c.execute(outbox.select().order_by(outbox.c.seq)).all())
    return [orjson.loads(row.value) for row in rows if row.topic == "ledgerhook.documents"]


def _line(told: dict[str, Any]) -> dict[str, Any]:
    return {"description": told["description"], "total_amount": told["total_amount"], "item": _item(told)}


def _item(line: dict[str, Any]) -> dict[str, Any]:
    return {"id": line["item"]["id"]}
