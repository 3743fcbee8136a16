"""Books that have documents already: what is surely ours is linked, never posted again; doubts wait for a person."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import select

from sandbox.server import running_sandbox
from schemas.connections import Connection, ConnectionState
from schemas.plans import Cause
from service.adapters import TrailEntries
from service.adopting import deciding
from service.adopting.adopt import Compared, Linked, compare, link
from service.rutter.lists import RutterLists
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.trail import connection_moves, doubts
from service.trail.fact_tables import applied, links
from service.trail.parked import parked
from tests.posting.rig import Rig, fresh_calls, opened, order, payment, working

KEYS = (f"00000000-0000-4000-8000-{number:012d}" for number in itertools.count(1))


class Merchant:
    """What was put into the books before us, by hand or by another program."""

    def __init__(self, r: Rig) -> None:
        self.rig = r
        self.ada = ""
        settings = r.sandbox.settings
        self.rutter: dict[str, Any] = {
            "auth": (settings.client_id, settings.client_secret),
            "headers": {"X-Rutter-Version": "2024-08-31"},
        }

    async def put(self, plural: str, singular: str, document: dict[str, Any]) -> str:
        answer = await self.rig.http.post(
            f"{self.rig.sandbox.base_url}/accounting/{plural}",
            params={"access_token": self.rig.token},
            auth=self.rutter["auth"],
            headers={**self.rutter["headers"], "Idempotency-Key": next(KEYS)},
            json={singular: document},
        )
        assert answer.status_code < 300, answer.text
        return str(answer.json()[singular]["id"])

    async def customer(self, name: str = "Ada Byron", email: str = "ada@example.com") -> str:
        return await self.put("customers", "customer", {"contact_name": name, "customer_name": name, "email": email})

    async def invoice(self, number: str, total: float = 30.58, day: str = "2026-11-02") -> str:
        lines = [{"total_amount": total, "description": "As agreed"}]
        document = {"customer_id": self.ada, "issue_date": day, "currency_code": "USD", "document_number": number}
        return await self.put("invoices", "invoice", {**document, "line_items": lines})

    async def payment(self, invoice: str, total: float = 30.58, day: str = "2026-11-02") -> str:
        listed = await self.rig.http.get(
            f"{self.rig.sandbox.base_url}/accounting/accounts", params={"access_token": self.rig.token}, **self.rutter
        )
        clearing = next(one["id"] for one in listed.json()["accounts"] if one["name"] == "Stripe clearing")
        document = {"account_id": clearing, "customer_id": self.ada, "txn_date": day, "currency_code": "USD",
                    "total_amount": total, "linked_invoices": [{"id": invoice, "amount": total}]}  # fmt: skip
        return await self.put("invoice_payments", "invoice_payment", document)


@pytest_asyncio.fixture
async def merchant(tmp_path: Path) -> AsyncIterator[Merchant]:
    """A paused connection, whose books have a customer."""
    async with running_sandbox() as sandbox, fresh_calls(sandbox) as http, opened(tmp_path, sandbox, http) as r:
        await r.trail.run(lambda c: connection_moves.move(c, "acme", ConnectionState.PAUSED, "adopting", r.clock.now()))
        made = Merchant(r)
        made.ada = await made.customer()
        yield made


async def found(r: Rig) -> tuple[Connection, Compared]:
    connection = await r.trail.work.connection("acme")
    assert connection is not None
    reading = Reading(r.posting.transport, Turns(r.clock), r.clock)
    lists = RutterLists(reading, TrailEntries(r.trail), r.clock, max_pages=10)
    r.clock.leap(minutes=5)
    compared = await compare(r.trail, reading, lists, connection, None)
    assert isinstance(compared, Compared), compared
    return connection, compared


async def adopted(r: Rig) -> tuple[Compared, Linked]:
    connection, compared = await found(r)
    return compared, await link(r.trail, connection, compared)


@asynccontextmanager
async def resumed(r: Rig) -> AsyncIterator[None]:
    await r.trail.run(lambda c: connection_moves.resume(c, "acme", r.clock.now()))
    async with working(r.posting):
        yield


async def posted(r: Rig) -> list[str]:
    """POSTs of documents, by their list."""
    asked = (await r.http.get("/_sandbox/requests")).json()["requests"]
    ours = [one for one in asked if one["method"] == "POST" and "/accounting/" in one["path"]]
    return [one["path"].rsplit("/", 1)[1] for one in ours]


async def until(r: Rig, state: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while getattr(await r.counts(), state) != count:
        assert time.monotonic() < deadline, await r.counts()
        await asyncio.sleep(0.02)


async def test_what_is_linked_is_not_posted_again_and_the_rest_is(merchant: Merchant) -> None:
    r = merchant.rig
    by_number = await merchant.invoice("1001")
    by_customer = await merchant.invoice("A-77", total=12.34)
    paid = await merchant.payment(by_number)
    await r.tell(order("1001"), order("1002", 1234, tax=0), order("1003", 5000, tax=0))
    await r.tell(payment("ch_1", "1001"), payment("ch_3", "1003", 5000))
    before = len(await posted(r))

    compared, done = await adopted(r)

    assert {(pair.claim.key, pair.document.rutter_id) for pair in compared.sure} == {
        ("invoice:1001", by_number),
        ("invoice:1002", by_customer),
        ("payment:ch_1", paid),
    }
    assert (done.linked, done.set_aside, done.refused) == (3, 0, [])
    rows = await r.trail.read(lambda c: c.execute(select(links.c.key, links.c.how)).all())
    assert {row.key: row.how for row in rows} == dict.fromkeys(
        ["invoice:1001", "invoice:1002", "payment:ch_1"], "adopted"
    )
    took = await r.trail.read(lambda c: c.execute(select(applied.c.document, applied.c.by_key, applied.c.minor)).all())
    assert [tuple(row) for row in took] == [("invoice:1001", "payment:ch_1", 3058)]

    async with resumed(r):
        await until(r, "done", 5)

    assert sorted((await posted(r))[before:]) == ["invoice_payments", "invoices"]  # of order 1003, which was not there
    assert len(await r.books("invoice")) == 3
    assert len(await r.books("invoice_payment")) == 2


async def test_adopting_again_changes_nothing(merchant: Merchant) -> None:
    r = merchant.rig
    await merchant.invoice("1001")
    await r.tell(order("1001"))
    await adopted(r)

    compared, done = await adopted(r)

    assert (compared.sure, compared.doubtful, compared.waiting) == ((), (), 0)
    assert (done.linked, done.set_aside) == (0, 0)


async def test_without_linking_nothing_changes(merchant: Merchant) -> None:
    r = merchant.rig
    await merchant.invoice("1001")
    await merchant.invoice("1002", total=9.99)
    await r.tell(order("1001"), order("1002"))

    _, compared = await found(r)

    assert (len(compared.sure), len(compared.doubtful)) == (1, 1)
    assert (await r.counts()).due == 2
    assert await r.trail.read(lambda c: c.execute(select(links)).all()) == []


async def test_what_is_doubtful_waits_for_a_person_who_dismisses_it(merchant: Merchant) -> None:
    r = merchant.rig
    await merchant.invoice("1002-old", total=30.58, day="2026-10-20")
    await r.tell(order("1002"))
    _, done = await adopted(r)
    assert (done.linked, done.set_aside) == (0, 1)
    (group,) = (await r.trail.read(parked)).groups
    assert group.cause == Cause.PERHAPS_THERE
    (doubt,) = await r.trail.read(doubts.waiting)
    assert doubt.pair["why"] == [
        "total 30.58 USD",
        "the same customer",
        "13 days apart",
        "but the dates are more than a day apart",
    ]

    await r.trail.run(lambda c: deciding.dismiss(c, doubt, r.clock.now()))

    assert await r.trail.read(doubts.waiting) == ()
    compared, _ = await adopted(r)
    assert compared.doubtful == ()
    async with resumed(r):
        await until(r, "done", 1)
    assert len(await r.books("invoice")) == 2


async def test_a_person_links_a_doubtful_one(merchant: Merchant) -> None:
    r = merchant.rig
    theirs = await merchant.invoice("1002", total=30.00)
    await r.tell(order("1002"))
    await adopted(r)
    (doubt,) = await r.trail.read(doubts.waiting)

    assert await r.trail.run(lambda c: deciding.link(c, doubt, r.clock.now())) is None

    row = await r.trail.read(lambda c: c.execute(select(links)).one())
    assert (row.key, row.rutter_id, row.total_minor, row.how) == ("invoice:1002", theirs, 3000, "adopted")
    assert await r.trail.read(doubts.waiting) == ()
    async with resumed(r):
        await until(r, "done", 1)
    assert len(await r.books("invoice")) == 1


async def test_one_document_is_linked_to_one_event_only(merchant: Merchant) -> None:
    """Two orders that look alike: a person links one of them, and the other may no longer be linked to it."""
    r = merchant.rig
    await merchant.invoice("A-77")
    await r.tell(order("1001"), order("1002"))
    await adopted(r)
    first, second = await r.trail.read(doubts.waiting)
    assert first.rutter_id == second.rutter_id

    assert await r.trail.run(lambda c: deciding.link(c, first, r.clock.now())) is None
    refused = await r.trail.run(lambda c: deciding.link(c, second, r.clock.now()))

    assert refused == "the document, or the event, is linked otherwise already"
    await adopted(r)
    async with resumed(r):
        await until(r, "done", 2)
    assert len(await r.books("invoice")) == 2


async def test_an_invoice_that_is_paid_by_what_nobody_told_is_not_paid_again(merchant: Merchant) -> None:
    r = merchant.rig
    theirs = await merchant.invoice("1001")
    await merchant.payment(theirs, total=20.00, day="2026-09-01")
    await r.tell(order("1001"), payment("ch_1", "1001"))

    compared, _ = await adopted(r)

    assert [pair.claim.key for pair in compared.sure] == ["invoice:1001"]
    row = await r.trail.read(lambda c: c.execute(select(links)).one())
    assert (row.seen_status, row.seen_open_minor) == ("open", 1058)
    assert [pair.claim.key for pair in compared.doubtful] == ["payment:ch_1"]
    async with resumed(r):
        await until(r, "parked", 1)
    assert len(await r.books("invoice_payment")) == 1


async def test_what_was_posted_after_it_was_compared_is_not_linked(merchant: Merchant) -> None:
    r = merchant.rig
    await merchant.invoice("A-77")
    await r.tell(order("1001"))
    connection, compared = await found(r)
    assert len(compared.sure) == 1
    async with resumed(r):
        await until(r, "done", 1)

    done = await link(r.trail, connection, compared)

    assert [why for _, why in done.refused] == ["its event is done meanwhile"]
    row = await r.trail.read(lambda c: c.execute(select(links).where(links.c.key == "invoice:1001")).one())
    assert row.how == "written"
