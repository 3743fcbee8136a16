"""Over real sockets: what is sent, answers that break off, none at all, and nobody there."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.ports import NotThere, Several, There
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from schemas.writes import StoredWrite

Serving = Callable[..., Any]
OBJECT = b'{"invoice":{"id":"i-1","total_amount":12.34,"currency_code":"USD"}}'


async def test_the_stored_bytes_leave_unchanged_under_their_key(
    serving: Serving, talking: Serving, answer: Callable[..., bytes], connection: Connection, invoice: StoredWrite
) -> None:
    async with serving(answer(200, OBJECT, "X-Rutter-Job-ID: job-1")) as server, talking(server.url) as parts:
        outcome = await parts.client.post(connection, invoice, 5.0)
    assert outcome == Written(rutter_id="i-1", total=Money(1234, "USD"), job_id="job-1")
    head, _, body = server.seen[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == f"POST /versioned/accounting/invoices?access_token={connection.access_token} HTTP/1.1"
    sent = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    assert sent["idempotency-key"] == "11111111-2222-4333-8444-555555555555"
    assert sent["content-type"] == "application/json"
    assert sent["x-rutter-version"] == "2024-08-31"
    assert sent["authorization"] == "Basic Y2xpZW50LWlkOnBsYW50ZWQtY2xpZW50LXNlY3JldA=="
    assert body == b'{"invoice": {"total":  12.34}}'


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (None, Unknown(reason="no answer: RemoteProtocolError")),
        (b"HTTP/1.1 200 OK\r\ncontent-le", Unknown(reason="no answer: RemoteProtocolError")),
        (b"\x00\x01 what is this\r\n\r\n", Unknown(reason="no answer: RemoteProtocolError")),
        (
            b"HTTP/1.1 200 OK\r\nx-rutter-job-id: job-1\r\ncontent-length: 900\r\n\r\n" + OBJECT[:30],
            Unknown(reason="answered 200 with a body that cannot be read", job_id="job-1", status=200),
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 9\r\n\r\nnot gzip!",
            Unknown(reason="answered 200 with a body that cannot be read", status=200),
        ),
        (
            b"HTTP/1.1 450 X\r\nx-rutter-job-id: job-1\r\ncontent-length: 900\r\n\r\n{",
            Rejected(status=450, code="HTTP_450", message="", accepted=True, job_id="job-1"),
        ),
        (
            b"HTTP/1.1 302 X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
            Unknown(reason="answered 302", status=302),
        ),
    ],
)
async def test_an_answer_that_breaks_off_still_tells_its_status(
    *,
    serving: Serving,
    talking: Serving,
    connection: Connection,
    invoice: StoredWrite,
    script: bytes | None,
    expected: Outcome,
) -> None:
    async with serving(script) as server, talking(server.url) as parts:
        assert await parts.client.post(connection, invoice, 5.0) == expected
        assert len(server.seen) == 1


async def test_a_compressed_bomb_is_not_read_to_its_end(
    serving: Serving, talking: Serving, answer: Callable[..., bytes], connection: Connection, invoice: StoredWrite
) -> None:
    bomb = gzip.compress(b" " * 40_000_000 + OBJECT)
    async with serving(answer(200, bomb, "content-encoding: gzip")) as server, talking(server.url) as parts:
        outcome = await parts.client.post(connection, invoice, 20.0)
    assert outcome == Unknown(reason="answered 200 with a body that cannot be read", status=200)


async def test_nobody_there_means_nothing_was_sent(
    talking: Serving, connection: Connection, invoice: StoredWrite, with_job: StoredWrite
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refuses
        async with talking(f"http://127.0.0.1:{taken.getsockname()[1]}/versioned") as parts:
            unavailable = Deferred(reason=DeferReason.UNAVAILABLE)
            assert await parts.client.post(connection, invoice, 5.0) == unavailable
            assert await parts.client.job(connection, with_job) == unavailable
            assert await parts.client.look(connection, invoice, invoice.intended_at) == unavailable
            await parts.client.ask_sync(connection, invoice)


@pytest.mark.parametrize("trickle", [b"", b"HTTP/1.1 200 OK\r\n"])
async def test_no_answer_in_time_is_unknown(
    talking: Serving, connection: Connection, invoice: StoredWrite, trickle: bytes
) -> None:
    over = asyncio.Event()

    async def keep_waiting(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(trickle)
        await over.wait()
        writer.close()

    server = await asyncio.start_server(keep_waiting, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/versioned"
    async with server, talking(url) as parts:
        began = time.monotonic()
        outcome = await parts.client.post(connection, invoice, 0.2)
        took = time.monotonic() - began
        over.set()
    assert isinstance(outcome, Unknown)
    assert outcome.reason in ("no answer: TimeoutError", "no answer: ReadTimeout")
    assert took < 3


async def test_a_refusal_for_quota_pauses_the_connection(
    serving: Serving, talking: Serving, answer: Callable[..., bytes], connection: Connection, invoice: StoredWrite
) -> None:
    async with serving(answer(452, b"{}"), answer(429, b"", "Retry-After: 60")) as server, talking(server.url) as parts:
        now = time.time()
        first = await parts.client.post(connection, invoice, 5.0)
        assert isinstance(first, Deferred)
        assert first.retry_at is not None
        assert 1 < first.retry_at.timestamp() - now < 4
        second = await parts.client.post(connection, invoice, 5.0)
        assert isinstance(second, Deferred)
        assert second.retry_at is not None
        assert 55 < second.retry_at.timestamp() - now < 65
        assert 55 < parts.turns.bucket(connection).pause_left(time.time()) < 65


async def test_a_refusal_for_quota_that_was_accepted_first_pauses_too(
    serving: Serving, talking: Serving, answer: Callable[..., bytes], connection: Connection, invoice: StoredWrite
) -> None:
    accepted = answer(452, b"{}", "X-Rutter-Job-ID: job-1")
    async with serving(accepted) as server, talking(server.url) as parts:
        outcome = await parts.client.post(connection, invoice, 5.0)
        assert outcome == Unknown(reason="accepted, then: quota", job_id="job-1", status=452, job_failed=True)
        assert 1 < parts.turns.bucket(connection).pause_left(time.time()) <= 2


async def test_any_bytes_at_all_are_one_outcome(
    serving: Serving, talking: Serving, connection: Connection, invoice: StoredWrite
) -> None:
    async with serving(None) as server, talking(server.url) as parts:
        loop = asyncio.get_running_loop()

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(head=st.binary(max_size=60), status=st.integers(0, 1000), body=st.binary(max_size=60))
        def ask(head: bytes, status: int, body: bytes) -> None:
            server.scripts = [b"HTTP/1.1 %d X\r\n" % status + head + b"\r\n\r\n" + body]
            server.seen.clear()
            asked = asyncio.run_coroutine_threadsafe(parts.client.post(connection, invoice, 1.0), loop)
            assert isinstance(asked.result(10), Written | Rejected | Deferred | Unknown | Conflict)

        await asyncio.to_thread(ask)


def state(started: str | None, completed: str | None) -> bytes:
    return json.dumps({"connection": {"last_sync_started_at": started, "last_sync_completed_at": completed}}).encode()


def page(cursor: object, *objects: object, plural: str = "invoices") -> bytes:
    return json.dumps({plural: list(objects), "next_cursor": cursor}).encode()


SYNCED = state("2026-11-02T10:16:00.000Z", "2026-11-02T10:17:00.000Z")
STALE = state("2026-11-02T10:14:00.000Z", "2026-11-02T10:17:00.000Z")
SYNCS_IT = b'{"incrementalSync":{"entities":["INVOICE"]}}'
OURS = {
    "id": "i-1",
    "document_number": "1001",
    "customer_id": "cust-1",
    "total_amount": 12.34,
    "currency_code": "USD",
    "issue_date": "2026-11-02",
}
OTHER = {**OURS, "id": "i-2", "document_number": "77", "customer_id": "cust-2"}


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ([STALE, page(None, OURS)], There(rutter_id="i-1", total=Money(1234, "USD"))),
        ([SYNCED, page(None, OURS, {**OURS, "id": "i-3"})], Several(("i-1", "i-3"))),
        ([SYNCED, page("c-2", OTHER), page(None, OURS)], There(rutter_id="i-1", total=Money(1234, "USD"))),
        ([STALE, page(None)], NotThere(proves=False)),
        ([SYNCED, page(None), page(None, OTHER), SYNCS_IT], NotThere(proves=True)),
        ([SYNCED, page(None), page("c-2", OTHER), page(None), SYNCS_IT], NotThere(proves=True)),
        ([SYNCED, page(None), page(None, OTHER), b'{"incrementalSync":{"entities":[]}}'], NotThere(proves=False)),
        ([SYNCED, page(None), page(None, OTHER), b"{}"], NotThere(proves=False)),
        # the platform numbered it by itself, or changed its total: not proven absent
        ([SYNCED, page(None), page(None, {**OURS, "document_number": "77"}), SYNCS_IT], NotThere(proves=False)),
        ([SYNCED, page(None), page(None, {**OURS, "total_amount": 12.35}), SYNCS_IT], NotThere(proves=False)),
        (
            [SYNCED, page(None), page(7, OTHER)],
            Unknown(reason="reading: a cursor that cannot be followed", status=None),
        ),
        ([SYNCED, b'{"invoices":null}'], Unknown(reason="reading: a page without its invoices")),
        ([SYNCED, b'{"invoi'], Unknown(reason="reading: an unreadable answer", status=200)),
        ([SYNCED, page("c-2", OTHER)], Unknown(reason="reading: the same page again and again")),
    ],
)
async def test_looking_for_an_invoice(
    *,
    serving: Serving,
    talking: Serving,
    answer: Callable[..., bytes],
    connection: Connection,
    invoice: StoredWrite,
    bodies: list[bytes],
    expected: object,
) -> None:
    async with serving(*(answer(200, body) for body in bodies)) as server, talking(server.url) as parts:
        assert await parts.client.look(connection, invoice, invoice.intended_at) == expected
    assert b"document_number=1001" in server.seen[1]
    if len(server.seen) > 3:
        assert b"sort=last_synced_at+ASC&last_synced_at_min=1793613900000" in server.seen[2]


async def test_what_cannot_be_looked_for_is_unknown(
    serving: Serving, talking: Serving, answer: Callable[..., bytes], connection: Connection, invoice: StoredWrite
) -> None:
    many = [answer(200, SYNCED), *(answer(200, page(f"c-{n}", OTHER)) for n in range(5))]
    async with serving(*many) as server, talking(server.url, max_look_pages=3) as parts:
        outcome = await parts.client.look(connection, invoice, invoice.intended_at)
        assert outcome == Unknown(reason="more than 1 invoices to look through")
        assert len(server.seen) == 4
        blind = replace(invoice, look=Look())
        assert await parts.client.look(connection, blind, invoice.intended_at) == Unknown(
            reason="nothing to recognise it by in the books"
        )
    async with serving(answer(400, b'{"error_code":"NEEDS_UPDATE"}')) as server, talking(server.url) as parts:
        assert await parts.client.look(connection, invoice, invoice.intended_at) == Deferred(
            reason=DeferReason.NEEDS_UPDATE
        )
    async with (
        serving(answer(200, SYNCED), answer(404, b'{"error_code":"NO"}')) as server,
        talking(server.url) as parts,
    ):
        assert await parts.client.look(connection, invoice, invoice.intended_at) == Unknown(
            reason="could not look: NO", status=404
        )


async def test_payments_are_looked_for_among_what_was_synced_since(
    serving: Serving, talking: Serving, answer: Callable[..., bytes], connection: Connection, invoice: StoredWrite
) -> None:
    payment = replace(
        invoice,
        kind=DocumentKind.INVOICE_PAYMENT,
        look=Look(reference="pi_1", total=Money(1234, "USD"), date="2026-11-02"),
    )
    seen = {"id": "p-1", "reference": "pi_1", "total_amount": "12.34", "currency_code": "USD", "txn_date": "2026-11-02"}
    found = answer(200, page(None, seen, plural="invoice_payments"))
    async with serving(answer(200, STALE), found) as server, talking(server.url) as parts:
        sighting = await parts.client.look(connection, payment, invoice.intended_at)
    assert sighting == There(rutter_id="p-1", total=Money(1234, "USD"))
    assert b"GET /versioned/accounting/invoice_payments?sort=last_synced_at+ASC&last_synced_at_min=" in server.seen[1]
