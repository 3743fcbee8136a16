"""Files of invoices, from the order that names them into the books: once, and never in the invoice's way."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import running_sandbox
from schemas.events import Event, OrderCompleted
from schemas.facts import Attachment
from service.files.addresses import AllowedHosts
from service.files.fetching import Fetcher
from service.files.keeping import TrailFiles
from service.posting import Posting
from service.trail.database import Trail
from tests.files.serving import FileServer, answered, file_server
from tests.posting.rig import Rig, fresh_calls, opened, order, working

PDF = b"%PDF-1.7 a receipt"
CSV = b"date,amount\n2026-01-05,3.50\n"
"""Their SHA-256, by sha256sum, begin with 90ee892e36cc and 21e1c4eca666."""


def naming(told: Event, *urls: str) -> Event:
    """The order, with files."""
    assert isinstance(told, OrderCompleted)
    files = tuple(Attachment(file_name=f"receipt {number}.pdf", url=url) for number, url in enumerate(urls))
    made = told.data.order.model_copy(update={"attachments": files})
    return told.model_copy(update={"data": told.data.model_copy(update={"order": made})})


def fetching(posting: Posting, trail: Trail, **bounds: Any) -> None:
    """The worker fetches from this machine, too."""
    files = TrailFiles(trail, Fetcher(AllowedHosts.of("127.0.0.1"), **bounds))
    posting.worker.bench = replace(posting.worker.bench, files=files)


async def attached(r: Rig) -> list[dict[str, Any]]:
    """Every file that the platform holds."""
    report = (await r.http.get("/_sandbox/books", params={"connection_id": r.company})).json()
    return [file for one in report["documents"] for file in one.get("attachments", [])]


@asynccontextmanager
async def shop(directory: Path, **bounds: Any) -> AsyncIterator[tuple[Rig, FileServer]]:
    async with (
        file_server() as files,
        running_sandbox() as sandbox,
        fresh_calls(sandbox) as http,
        opened(directory, sandbox, http) as r,
    ):
        fetching(r.posting, r.trail, **bounds)
        async with working(r.posting):
            yield r, files


async def test_what_an_order_names_is_attached_to_its_invoice(tmp_path: Path) -> None:
    async with shop(tmp_path) as (r, files):
        files.answers = {"/a?token=1": answered(PDF), "/b": answered(CSV)}
        told = naming(order("1001"), files.url("/a?token=1"), files.url("/b"))
        await r.tell(told, told, naming(order("1002")))
        counts = await r.settle()
        found = {one["file_name"]: one["size"] for one in await attached(r)}

    assert (counts.done, counts.held, counts.parked) == (4, 0, 0)
    assert found == {"receipt 0 90ee892e36cc.pdf": 18, "receipt 1 21e1c4eca666.csv": 28}
    assert sorted(files.asked) == ["/a?token=1", "/b"]


async def test_one_content_at_two_addresses_is_uploaded_once(tmp_path: Path) -> None:
    async with shop(tmp_path) as (r, files):
        files.answers = {"/a": answered(PDF), "/b": answered(PDF)}
        await r.tell(naming(order("1001"), files.url("/a"), files.url("/b")))
        counts = await r.settle()
        assert len(await attached(r)) == 1

    assert (counts.done, counts.held, counts.parked) == (3, 0, 0)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://files.example/r.pdf", "not one of http or https"),
        ("http://localhost/r.pdf", "this machine itself"),
        ("http://169.254.169.254/latest/meta-data", "metadata"),
        ("", "not one of http or https"),
    ],
)
async def test_a_wrong_address_parks_the_file_and_not_the_invoice(tmp_path: Path, url: str, words: str) -> None:
    async with shop(tmp_path) as (r, _):
        await r.tell(naming(order("1001"), url))
        (group,) = await r.until_parked()
        assert len(await r.books("invoice")) == 1

    assert group.fingerprint.startswith("attachment refused: ")
    assert words in group.detail
    assert "ledgerhook attach acme 1001 FILE" in group.cure


async def test_a_file_that_comes_late_is_waited_for_and_the_invoice_is_not(tmp_path: Path) -> None:
    async with shop(tmp_path) as (r, files):
        tries = itertools.count()
        files.answers["/a"] = lambda: answered(PDF) if next(tries) > 2 else answered(b"", status=503)
        await r.tell(naming(order("1001"), files.url("/a")))
        counts = await r.settle()
        assert (counts.done, counts.parked, len(await attached(r))) == (2, 0, 1)

    assert len(files.asked) == 4


async def test_a_file_that_never_comes_is_given_up_after_the_hold(tmp_path: Path) -> None:
    async with shop(tmp_path) as (r, files):
        files.answers["/a"] = answered(b"", status=503)
        await r.tell(naming(order("1001"), files.url("/a")))
        deadline = time.monotonic() + 60
        while not files.asked:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        r.clock.leap(hours=73)
        (group,) = await r.until_parked()

    assert group.fingerprint == "attachment refused: not to be had"


async def test_a_slow_file_does_not_delay_its_order(tmp_path: Path) -> None:
    async with shop(tmp_path) as (r, files):
        files.answers["/a"] = None
        await r.tell(naming(order("1001"), files.url("/a")))
        deadline = time.monotonic() + 60
        while not files.asked or not await r.books("invoice"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        assert not await attached(r)
