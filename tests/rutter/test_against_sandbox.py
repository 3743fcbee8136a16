"""The whole client against the sandbox, over real HTTP."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from consumers.ports import NotThere, There
from sandbox.server import running_sandbox
from schemas.books import Entry
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Rejected, Unknown, Written
from schemas.writes import StoredWrite
from service.clock import SystemClock
from service.rutter.client import RutterClient
from service.rutter.connections import CompanyInfo, Connections, Exchanged, Listed, Standing
from service.rutter.lists import RutterLists
from service.rutter.reading import Reading
from service.rutter.transport import Transport

TWELVE = Money(1234, "USD")


@dataclass(frozen=True)
class Rehearsal:
    """A sandbox with one company, our client before it, and its control."""

    client: RutterClient
    reading: Reading
    transport: Transport
    connection: Connection
    made: dict[str, Any]
    control: httpx.AsyncClient

    async def told(self, path: str, **asked: Any) -> Any:
        answer = await self.control.post(f"/_sandbox/{path}", json=asked)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def posts(self) -> int:
        return int((await self.control.get("/_sandbox/requests", params={"method": "POST"})).json()["total"])


@pytest.fixture
async def rehearsal(talking: Callable[..., Any], connection: Connection) -> AsyncIterator[Rehearsal]:
    async with running_sandbox() as sandbox, httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as control:
        asked = {"platform": "QUICKBOOKS", "home_currency": "USD"}
        made = (await control.post("/_sandbox/connections", json=asked)).json()
        known = replace(connection, rutter_id=made["connection_id"], access_token=made["access_token"])
        credentials = {"client_id": sandbox.settings.client_id, "client_secret": sandbox.settings.client_secret}
        margin = {"proof_margin": timedelta(0), "assume_synced": True, "page_limit": 2}
        async with talking(sandbox.base_url, **credentials, **margin) as parts:
            yield Rehearsal(parts.client, parts.reading, parts.transport, known, made, control)


def write(template: StoredWrite, kind: DocumentKind, document: dict[str, Any], look: Look, **more: Any) -> StoredWrite:
    now = datetime.now(UTC)
    fields = {"total": TWELVE, "sent_at": now, "intended_at": now, **more}
    return replace(template, kind=kind, body=json.dumps({kind.value: document}).encode(), look=look, **fields)


async def customer(rehearsal: Rehearsal, template: StoredWrite) -> str:
    asked = write(template, DocumentKind.CUSTOMER, {"contact_name": "Ada Byron"}, Look(name="Ada Byron"), total=None)
    made = await rehearsal.client.post(
        rehearsal.connection, replace(asked, idempotency_key="11111111-2222-4333-8444-000000000001"), 5.0
    )
    assert isinstance(made, Written)
    assert made.rutter_id is not None
    assert made.total is None
    return made.rutter_id


def invoice_of(template: StoredWrite, customer_id: str, number: str = "1001") -> StoredWrite:
    document = {
        "customer_id": customer_id,
        "issue_date": "2026-11-02",
        "currency_code": "USD",
        "document_number": number,
        "line_items": [{"total_amount": 12.34, "description": f"Order {number}"}],
    }
    look = Look(document_number=number, customer=customer_id, total=TWELVE, date="2026-11-02")
    return write(template, DocumentKind.INVOICE, document, look)


@pytest.fixture
async def ready(rehearsal: Rehearsal, invoice: StoredWrite) -> StoredWrite:
    """An invoice of 12.34 USD that the sandbox will take."""
    item = rehearsal.made["items"]
    made = invoice_of(invoice, await customer(rehearsal, invoice))
    document = json.loads(made.body)
    first = next(iter(item.values()))
    document["invoice"]["line_items"][0]["item"] = {"id": first, "quantity": 1, "unit_amount": 12.34}
    return replace(made, body=json.dumps(document).encode())


async def test_a_post_its_replay_and_a_conflict(rehearsal: Rehearsal, ready: StoredWrite) -> None:
    first = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(first, Written)
    assert (first.total, first.how) == (TWELVE, "answered")
    assert first.rutter_id is not None
    assert first.job_id is not None
    assert await rehearsal.client.post(rehearsal.connection, ready, 5.0) == first
    other = replace(ready, body=ready.body.replace(b"Order", b"order"))
    assert isinstance(await rehearsal.client.post(rehearsal.connection, other, 5.0), Conflict)
    by_job = await rehearsal.client.job(rehearsal.connection, replace(ready, job_id=first.job_id))
    assert by_job == replace(first, how="job")
    sighting = await rehearsal.client.look(rehearsal.connection, ready, ready.intended_at)
    assert sighting == There(rutter_id=first.rutter_id, total=TWELVE)


async def test_an_answer_lost_after_applying_is_found(rehearsal: Rehearsal, ready: StoredWrite) -> None:
    await rehearsal.told("faults", kind="timeout_after", endpoint="invoice", method="POST", seconds=0)
    lost = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(lost, Unknown)
    assert lost.job_id is None
    sighting = await rehearsal.client.look(rehearsal.connection, ready, ready.intended_at)
    assert isinstance(sighting, There)
    again = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(again, Written)
    assert (again.rutter_id, again.total) == (sighting.rutter_id, TWELVE)


async def test_a_lost_request_is_proven_absent_only_by_a_sync_begun_since(
    rehearsal: Rehearsal, ready: StoredWrite
) -> None:
    await rehearsal.told("faults", kind="timeout_before", endpoint="invoice", method="POST", seconds=0)
    assert isinstance(await rehearsal.client.post(rehearsal.connection, ready, 5.0), Unknown)
    since = datetime.now(UTC)
    assert await rehearsal.client.look(rehearsal.connection, ready, since) == NotThere(proves=False)
    await rehearsal.client.ask_sync(rehearsal.connection, ready)
    deadline = datetime.now(UTC) + timedelta(seconds=5)
    sighting = await rehearsal.client.look(rehearsal.connection, ready, since)
    while sighting != NotThere(proves=True) and datetime.now(UTC) < deadline:
        sighting = await rehearsal.client.look(rehearsal.connection, ready, since)
    assert sighting == NotThere(proves=True)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_5xx_is_unknown(rehearsal: Rehearsal, ready: StoredWrite, status: int) -> None:
    await rehearsal.told(
        "faults", kind="error_after", endpoint="invoice", method="POST", status=status, job_header=True
    )
    outcome = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(outcome, Unknown)
    assert outcome.status == status
    assert outcome.job_id is not None
    by_job = await rehearsal.client.job(rehearsal.connection, replace(ready, job_id=outcome.job_id))
    assert isinstance(by_job, Written)


@pytest.mark.parametrize("kind", ["429", "452"])
async def test_a_refusal_for_quota_is_deferred(rehearsal: Rehearsal, ready: StoredWrite, kind: str) -> None:
    await rehearsal.told("faults", kind=kind, endpoint="invoice", method="POST")
    outcome = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(outcome, Deferred)
    assert outcome.reason is DeferReason.QUOTA
    assert isinstance(await rehearsal.client.post(rehearsal.connection, ready, 5.0), Written)


async def test_refused_by_the_platform_and_by_rutter(rehearsal: Rehearsal, ready: StoredWrite) -> None:
    await rehearsal.told("faults", kind="450", endpoint="invoice")
    spent = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(spent, Rejected)
    assert (spent.status, spent.accepted) == (450, True)
    assert await rehearsal.client.post(rehearsal.connection, ready, 5.0) == spent
    bad = replace(ready, body=b'{"invoice":{}}', idempotency_key="11111111-2222-4333-8444-000000000009")
    unspent = await rehearsal.client.post(rehearsal.connection, bad, 5.0)
    assert isinstance(unspent, Rejected)
    assert (unspent.status, unspent.accepted, unspent.job_id) == (400, False, None)


async def test_a_pending_job_ends(rehearsal: Rehearsal, ready: StoredWrite) -> None:
    await rehearsal.told("faults", kind="stay_pending", endpoint="invoice")
    await rehearsal.told("switches", prefer_sync_seconds=0.05)
    promised = await rehearsal.client.post(rehearsal.connection, ready, 5.0)
    assert isinstance(promised, Unknown)
    assert promised.pending
    assert promised.job_id is not None
    waiting = replace(ready, job_id=promised.job_id)
    running = await rehearsal.client.job(rehearsal.connection, waiting)
    assert running == Unknown(reason="its job is running", job_id=promised.job_id, pending=True)
    await rehearsal.told("faults/release")
    deadline = datetime.now(UTC) + timedelta(seconds=5)
    ended = await rehearsal.client.job(rehearsal.connection, waiting)
    while isinstance(ended, Unknown) and datetime.now(UTC) < deadline:
        ended = await rehearsal.client.job(rehearsal.connection, waiting)
    assert isinstance(ended, Written)
    assert (ended.total, ended.how) == (TWELVE, "job")


async def test_a_connection_that_needs_update_defers(rehearsal: Rehearsal, ready: StoredWrite) -> None:
    await rehearsal.told("connections/state", connection_id=rehearsal.made["connection_id"], state="needs_update")
    assert await rehearsal.client.post(rehearsal.connection, ready, 5.0) == Deferred(reason=DeferReason.NEEDS_UPDATE)
    unknown = replace(rehearsal.connection, access_token="11111111-2222-4333-8444-0000000000aa")
    assert await rehearsal.client.post(unknown, ready, 5.0) == Deferred(reason=DeferReason.CREDENTIALS)


async def test_payments_credits_and_their_application(rehearsal: Rehearsal, ready: StoredWrite) -> None:
    books, accounts = rehearsal.client, rehearsal.made["accounts"]
    sold = await books.post(rehearsal.connection, ready, 5.0)
    assert isinstance(sold, Written)
    buyer = str(ready.look.customer)
    paid = write(
        ready,
        DocumentKind.INVOICE_PAYMENT,
        {
            "account_id": next(value for name, value in accounts.items() if "deposited" in name or "bank" in name),
            "customer_id": buyer,
            "txn_date": "2026-11-02",
            "currency_code": "USD",
            "total_amount": 2.34,
            "reference": "pi_1",
            "linked_invoices": [{"id": sold.rutter_id, "amount": 2.34}],
        },
        Look(reference="pi_1", customer=buyer, total=Money(234, "USD"), date="2026-11-02"),
        total=Money(234, "USD"),
        idempotency_key="11111111-2222-4333-8444-000000000002",
    )
    payment = await books.post(rehearsal.connection, paid, 5.0)
    assert isinstance(payment, Written), payment
    assert payment.total == Money(234, "USD")
    assert await books.look(rehearsal.connection, paid, paid.intended_at) == There(
        rutter_id=payment.rutter_id, total=Money(234, "USD")
    )
    line = {"description": "Refund re_1", "total_amount": "3.00"}
    first = next(iter(rehearsal.made["items"].values()))
    credit = write(
        ready,
        DocumentKind.CREDIT_MEMO,
        {
            "customer_id": buyer,
            "issue_date": "2026-11-03",
            "currency_code": "USD",
            "line_items": [{**line, "item": {"id": first, "quantity": 1, "unit_amount": "3.00"}}],
        },
        Look(description="re_1", customer=buyer, total=Money(300, "USD"), date="2026-11-03"),
        total=Money(300, "USD"),
        idempotency_key="11111111-2222-4333-8444-000000000003",
    )
    memo = await books.post(rehearsal.connection, credit, 5.0)
    assert isinstance(memo, Written), memo
    assert memo.total == Money(300, "USD")
    assert isinstance(await books.look(rehearsal.connection, credit, credit.intended_at), There)
    applied = write(
        ready,
        DocumentKind.CREDIT_APPLICATION,
        {
            "customer_id": buyer,
            "invoice_credit_memo_id": memo.rutter_id,
            "transaction_date": "2026-11-03",
            "currency_code": "USD",
            "linked_invoices": [{"id": sold.rutter_id, "allocated_amount": 3}],
        },
        Look(parent=memo.rutter_id, total=Money(300, "USD")),
        total=None,
        idempotency_key="11111111-2222-4333-8444-000000000004",
    )
    assert await books.look(rehearsal.connection, applied, applied.intended_at) == NotThere(proves=False)
    application = await books.post(rehearsal.connection, applied, 5.0)
    assert isinstance(application, Written), application
    assert (application.rutter_id, application.total) == (None, None)
    assert await books.look(rehearsal.connection, applied, applied.intended_at) == There(
        rutter_id=None, total=Money(300, "USD")
    )


@dataclass
class Kept:
    """An entry store in memory."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    kept: dict[str, tuple[datetime, datetime | None]] = field(default_factory=dict)
    puts: int = 0

    async def marks(self, alias: str) -> Mapping[str, tuple[datetime, datetime | None]]:
        assert alias == "acme"
        return dict(self.kept)

    async def put_entries(
        self, alias: str, object_: str, entries: Sequence[Entry], refreshed_at: datetime, high_water: datetime | None
    ) -> None:
        assert alias == "acme"
        self.puts += 1
        self.entries |= {(object_, entry.id): entry for entry in entries}
        self.kept[object_] = (refreshed_at, high_water)

    def named(self, object_: str, name: str) -> list[Entry]:
        return [entry for (kind, _), entry in self.entries.items() if kind == object_ and entry.name == name]


async def test_lists_are_kept_fresh(rehearsal: Rehearsal, invoice: StoredWrite) -> None:
    kept = Kept()
    lists = RutterLists(rehearsal.reading, kept, SystemClock(), max_pages=500)
    before = datetime.now(UTC)
    every = frozenset({"customer", "item", "account", "tax_rate", "payment_method"})
    assert await lists.refresh(rehearsal.connection, every, older_than=before) is None
    assert set(kept.kept) == every
    assert all(refreshed >= before for refreshed, _ in kept.kept.values())
    assert {entry.id for (kind, _), entry in kept.entries.items() if kind == "account"} >= set(
        rehearsal.made["accounts"].values()
    )
    assert {entry.id for (kind, _), entry in kept.entries.items() if kind == "item"} >= set(
        rehearsal.made["items"].values()
    )
    receivable = kept.entries["account", rehearsal.made["accounts"]["accounts_receivable"]]
    assert (receivable.type, receivable.active, receivable.currency) == ("accounts_receivable", True, "USD")
    puts = kept.puts
    assert await lists.refresh(rehearsal.connection, every, older_than=before) is None
    assert kept.puts == puts
    ada = await customer(rehearsal, invoice)
    later = datetime.now(UTC)
    assert await lists.refresh(rehearsal.connection, frozenset({"customer"}), older_than=later) is None
    assert [entry.id for entry in kept.named("customer", "Ada Byron")] == [ada]


async def test_a_refused_list_is_told(rehearsal: Rehearsal) -> None:
    kept = Kept()
    lists = RutterLists(rehearsal.reading, kept, SystemClock(), max_pages=1)
    now = datetime.now(UTC)
    cut = await lists.refresh(rehearsal.connection, frozenset({"account"}), older_than=now)
    assert cut == Unknown(reason="reading: more than 1 pages of accounts")
    assert kept.kept["account"][0] < now
    await rehearsal.told("faults", kind="429", endpoint="account", method="GET")
    assert isinstance(await lists.refresh(rehearsal.connection, frozenset({"account"}), older_than=now), Deferred)


async def test_the_life_of_a_connection(rehearsal: Rehearsal) -> None:
    calls = Connections(rehearsal.transport, SystemClock())
    exchanged = await calls.exchange(rehearsal.made["public_token"])
    assert isinstance(exchanged, Exchanged)
    assert (exchanged.connection_id, exchanged.access_token, exchanged.platform) == (
        rehearsal.made["connection_id"],
        rehearsal.made["access_token"],
        "QUICKBOOKS",
    )
    listed = await calls.connections()
    assert isinstance(listed, tuple)
    assert [(one.id, one.status) for one in listed if isinstance(one, Listed)] == [(exchanged.connection_id, "active")]
    standing = await calls.status(exchanged.access_token)
    assert isinstance(standing, Standing)
    assert (standing.is_ready, standing.is_healthy, standing.needs_update, standing.is_disabled) == (
        True,
        True,
        False,
        False,
    )
    company = await calls.company_info(exchanged.access_token)
    assert isinstance(company, CompanyInfo)
    assert company.home_currency == "USD"
    assert isinstance(await calls.exchange("no such token"), Rejected)
    assert await calls.status("11111111-2222-4333-8444-0000000000aa") == Deferred(reason=DeferReason.CREDENTIALS)
