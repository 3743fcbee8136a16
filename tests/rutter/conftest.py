"""A connection, stored writes, and a server that answers whatever bytes a test wants (or breaks off)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.server import running_sandbox
from schemas.connections import Connection, ConnectionState
from schemas.documents import DocumentKind, Look
from schemas.mapping import Mapping
from schemas.money import Money
from schemas.writes import StoredWrite, WriteState
from service.clock import SystemClock
from service.rutter.client import RutterClient
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from tests.rutter.rehearsal import Rehearsal, customer, invoice_of

TOKEN = "5f0c7f0e-7a1b-4c2d-9e3f-planted-token"
SECRET = "planted-client-secret"
SENT = datetime(2026, 11, 2, 10, 15, tzinfo=UTC)


@pytest.fixture
def connection() -> Connection:
    return Connection(
        alias="acme",
        rutter_id="0b7e4c39-3f39-4a43-8f3b-0a2f5e8d1c11",
        platform="QUICKBOOKS",
        time_zone="America/New_York",
        home_currency="USD",
        mapping=Mapping(),
        state=ConnectionState.READY,
        access_token=TOKEN,
        calls_per_minute=60_000,
        in_flight=1_000,
    )


@pytest.fixture
def invoice() -> StoredWrite:
    """An invoice over 12.34 USD, just sent."""
    return StoredWrite(
        seq=1,
        connection="acme",
        namespace="shop",
        key="invoice:1001",
        kind=DocumentKind.INVOICE,
        event_seq=1,
        body=b'{"invoice": {"total":  12.34}}',
        look=Look(document_number="1001", customer="cust-1", total=Money(1234, "USD"), date="2026-11-02"),
        total=Money(1234, "USD"),
        idempotency_key="11111111-2222-4333-8444-555555555555",
        revision=0,
        attempt=1,
        state=WriteState.SENT,
        intended_at=SENT,
        sent_at=SENT,
        answer_by=SENT + timedelta(seconds=45),
        next_at=None,
        job_id=None,
        rutter_id=None,
        last=None,
    )


@dataclass
class OddServer:
    """Answers the n-th request with the n-th script (the last again and again); None cuts without an answer.

    `seen` holds each request as it came over the wire.
    """

    scripts: list[bytes | None]
    url: str = ""
    seen: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length")
                ),
                0,
            )
            self.seen.append(head + await reader.readexactly(length))
            script = self.scripts[min(len(self.seen), len(self.scripts)) - 1]
            if script is not None:
                writer.write(script)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def _serving(*scripts: bytes | None) -> AsyncIterator[OddServer]:
    odd = OddServer(list(scripts))
    server = await asyncio.start_server(odd.serve, "127.0.0.1", 0)
    odd.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/versioned"
    async with server:
        yield odd


@pytest.fixture
def serving() -> Callable[..., Any]:
    """`async with serving(answer, …) as server`."""
    return _serving


def _answer(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def answer() -> Callable[..., bytes]:
    """The bytes of one HTTP answer."""
    return _answer


@dataclass(frozen=True)
class Parts:
    """A client and what it is made of."""

    client: RutterClient
    transport: Transport
    reading: Reading
    turns: Turns
    settings: RutterSettings


@asynccontextmanager
async def _talking(base_url: str, **settings: Any) -> AsyncIterator[Parts]:
    given: dict[str, Any] = {"client_id": "client-id", "client_secret": SECRET, **settings}
    made = RutterSettings(base_url=base_url, **given)
    clock = SystemClock()
    transport, turns = Transport(made), Turns(clock)
    try:
        yield Parts(RutterClient(transport, turns, clock), transport, Reading(transport, turns, clock), turns, made)
    finally:
        await transport.close()


@pytest.fixture
def talking() -> Callable[..., Any]:
    """`async with talking(base_url) as parts`."""
    return _talking


@pytest.fixture
def with_job(invoice: StoredWrite) -> StoredWrite:
    """The invoice, its job known."""
    return replace(invoice, job_id="job-1", state=WriteState.IN_DOUBT)


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


@pytest.fixture
async def ready(rehearsal: Rehearsal, invoice: StoredWrite) -> StoredWrite:
    """An invoice of 12.34 USD that the sandbox will take."""
    item = rehearsal.made["items"]
    made = invoice_of(invoice, await customer(rehearsal, invoice))
    document = json.loads(made.body)
    first = next(iter(item.values()))
    document["invoice"]["line_items"][0]["item"] = {"id": first, "quantity": 1, "unit_amount": 12.34}
    return replace(made, body=json.dumps(document).encode())
