"""Writes, jobs and looks against the sandbox, over real HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consumers.ports import NotThere, There
from schemas.documents import DocumentKind, Look
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Rejected, Unknown, Written
from schemas.writes import StoredWrite
from tests.rutter.rehearsal import TWELVE, Rehearsal, write


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
