"""What is too large, too slow or too strange is cut off early, and nobody else notices. Spoken over raw sockets."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from service.web import bounded_http
from tests.web.kept import Kept
from tests.web.told import SIGNED, TOKEN, body, payment

HEAD = b"POST /webhooks/acme-shop HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + TOKEN.encode() + b"\r\n"
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_SECONDS", 0.3)


async def said(url: str, *pieces: bytes, then_wait: bool = True) -> bytes:
    """Everything that is answered until the connection is closed."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if not then_wait:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), 8)
    finally:
        writer.close()


async def still_works(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await client.post("/webhooks/acme-shop", content=body(payment("ch_after")), headers=SIGNED)
    assert answer.status_code == 202
    assert await kept.keys() == ["payment:ch_after"]


async def test_a_body_over_the_limit_is_413_before_it_is_read(client: httpx.AsyncClient, kept: Kept, door: str) -> None:
    answer = await said(door, HEAD + b"content-length: 2097153\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    await still_works(client, kept)


async def test_a_body_without_a_length_is_413_once_it_is_over(client: httpx.AsyncClient, kept: Kept) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(48):
            sent += 64 * 1024
            yield b" " * 64 * 1024

    answer = await client.post("/webhooks/acme-shop", content=endless(), headers=SIGNED)

    assert answer.status_code == 413
    await still_works(client, kept)


async def test_a_body_at_the_limit_is_read(client: httpx.AsyncClient, kept: Kept) -> None:
    whole = body(payment())
    answer = await client.post("/webhooks/acme-shop", content=whole.ljust(2 * MIB), headers=SIGNED)

    assert answer.status_code == 202


async def test_a_slow_body_is_408(client: httpx.AsyncClient, kept: Kept, door: str) -> None:
    answer = await said(door, HEAD + b"content-length: 100\r\n\r\n", b"{")

    assert answer.startswith(b"HTTP/1.1 408 ")
    await still_works(client, kept)


async def test_a_slow_head_is_408(client: httpx.AsyncClient, kept: Kept, door: str) -> None:
    answer = await said(door, b"POST /webhooks/acme-shop HTTP/1.1\r\nhost:")

    assert answer.startswith(b"HTTP/1.1 408 ")
    await still_works(client, kept)


async def test_a_silent_connection_is_closed(door: str) -> None:
    assert (await said(door)).startswith(b"HTTP/1.1 408 ")


FLOODS = {
    "many headers": HEAD + b"".join(b"x-%d: 1\r\n" % number for number in range(3000)) + b"\r\n",
    "one endless header": HEAD + b"x-long: " + b"a" * 200_000,
    "a long header": HEAD + b"x-long: " + b"a" * 100_000 + b"\r\n\r\n",
    "a long path": b"POST /webhooks/" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_of_headers_is_431(client: httpx.AsyncClient, kept: Kept, door: str, flood: str) -> None:
    assert (await said(door, FLOODS[flood])).startswith(b"HTTP/1.1 431 ")
    await still_works(client, kept)


GARBAGE = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two lengths": HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
    "length and chunks": HEAD + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "a negative length": HEAD + b"content-length: -1\r\n\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_what_is_no_http_is_400(client: httpx.AsyncClient, kept: Kept, door: str, garbage: str) -> None:
    assert (await said(door, GARBAGE[garbage])).startswith(b"HTTP/1.1 400 ")
    await still_works(client, kept)


async def test_a_sender_that_hangs_up_leaves_nothing(client: httpx.AsyncClient, kept: Kept, door: str) -> None:
    await said(door, HEAD + b"content-length: 100\r\n\r\n", b"{", then_wait=False)

    assert await kept.deliveries() == []
    await still_works(client, kept)


async def test_one_connection_carries_many_requests(client: httpx.AsyncClient, kept: Kept, door: str) -> None:
    one = HEAD + b"content-length: %d\r\n" % len(body(payment())) + b"\r\n" + body(payment())
    last = one.replace(b"host: x", b"host: x\r\nconnection: close")

    answer = await said(door, one, one + last)

    assert answer.count(b"HTTP/1.1 202 ") == 3
