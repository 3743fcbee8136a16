"""Fetching over real HTTP: what comes, and what is not asked for a second time, or at all."""

from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from service.files.addresses import AllowedHosts
from service.files.fetching import Barred, Fetched, Fetcher, Unreachable
from tests.files.serving import FileServer, answered, file_server, moved

HERE = AllowedHosts.of("127.0.0.1")
PDF = b"%PDF-1.7 a receipt"


@pytest_asyncio.fixture
async def files() -> AsyncIterator[FileServer]:
    async with file_server() as served:
        yield served


async def test_a_file_comes_as_it_is(files: FileServer) -> None:
    files.answers["/r.pdf?token=1"] = answered(PDF)

    assert await Fetcher(HERE).fetch(files.url("/r.pdf?token=1")) == Fetched(PDF)
    assert files.hosts == [f"127.0.0.1:{files.port}"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_nothing_within_is_asked(files: FileServer, host: str) -> None:
    got = await Fetcher().fetch(files.url("/r.pdf", host))

    assert isinstance(got, Barred)
    assert "LEDGERHOOK_ATTACHMENT_HOSTS" in (got.cure or "")
    assert files.asked == []


async def test_nothing_within_is_asked_after_a_redirect(files: FileServer) -> None:
    files.answers["/r.pdf"] = moved(files.url("/within", "localhost"))
    files.answers["/within"] = answered(PDF)

    got = await Fetcher(HERE).fetch(files.url("/r.pdf"))

    assert (type(got), files.asked) == (Barred, ["/r.pdf"])


@pytest.mark.parametrize(
    "to", ["ftp://files.example/r", "file:///etc/passwd", "http://user:word@127.0.0.1/", "http://"]
)
async def test_a_redirect_leads_to_http_only(files: FileServer, to: str) -> None:
    files.answers["/r.pdf"] = moved(to)

    assert isinstance(await Fetcher(HERE).fetch(files.url("/r.pdf")), Barred)


async def test_a_name_is_resolved_once_and_its_address_asked_under_the_name(files: FileServer) -> None:
    """A name that answers otherwise the second time it is asked leads nowhere else."""
    told: list[Sequence[str]] = [["127.0.0.1"], ["203.0.113.1"]]

    async def resolve(host: str, port: int) -> Sequence[str]:
        assert (host, port) == ("files.example", files.port)
        return told.pop(0)

    files.answers["/r.pdf"] = answered(PDF)
    fetcher = Fetcher(AllowedHosts.of("files.example"), resolve=resolve)

    assert await fetcher.fetch(files.url("/r.pdf", "files.example")) == Fetched(PDF)
    assert (files.hosts, len(told)) == ([f"files.example:{files.port}"], 1)


async def test_the_next_address_of_a_name_is_tried(files: FileServer) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    files.answers["/r.pdf"] = answered(PDF)
    fetcher = Fetcher(AllowedHosts.of("files.example"), resolve=resolve)

    assert await fetcher.fetch(files.url("/r.pdf", "files.example")) == Fetched(PDF)


async def test_three_redirects_and_no_more(files: FileServer) -> None:
    for step in range(4):
        files.answers[f"/{step}"] = moved(f"/{step + 1}", status=307)
    files.answers["/4"] = answered(PDF)

    assert await Fetcher(HERE).fetch(files.url("/1")) == Fetched(PDF)
    assert isinstance(await Fetcher(HERE).fetch(files.url("/0")), Barred)


@pytest.mark.parametrize("told", [True, False])
async def test_a_large_file_is_not_taken(files: FileServer, told: bool) -> None:
    whole = answered(b"x" * 3000)
    files.answers["/r"] = whole if told else whole.replace(b"content-length: 3000\r\n", b"")

    assert await Fetcher(HERE, 3000).fetch(files.url("/r")) == Fetched(b"x" * 3000)
    got = await Fetcher(HERE, 2999).fetch(files.url("/r"))
    assert isinstance(got, Barred)
    assert got.what == "file too large"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (answered(b"", status=404), Barred),
        (answered(b"", status=403), Barred),
        (answered(b"", status=204), Barred),
        (answered(b"", status=302), Barred),
        (answered(b"", status=429), Unreachable),
        (answered(b"", status=500), Unreachable),
        (answered(b"", status=503), Unreachable),
        (answered(PDF, content_encoding="gzip"), Barred),
        (answered(PDF)[:-3], Unreachable),
        (b"no HTTP at all\r\n\r\n", Unreachable),
        (b"", Unreachable),
    ],
)
async def test_answers_without_a_file(files: FileServer, answer: bytes, kind: type) -> None:
    files.answers["/r"] = answer

    assert isinstance(await Fetcher(HERE).fetch(files.url("/r")), kind)


async def test_time_is_bounded(files: FileServer) -> None:
    files.answers["/r"] = None

    assert await Fetcher(HERE, seconds=0.1).fetch(files.url("/r")) == Unreachable("it did not arrive within 0.1 s")


async def test_a_host_that_is_not_there_may_be_later(files: FileServer) -> None:
    async def nobody(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    gone = files.url("/r").replace(str(files.port), "1")
    assert isinstance(await Fetcher(HERE).fetch(gone), Unreachable)
    assert isinstance(await Fetcher(HERE, resolve=nobody).fetch(files.url("/r")), Unreachable)


async def test_no_reason_holds_a_token(files: FileServer) -> None:
    for answer in (answered(b"", status=500), answered(b"", status=404), moved("ftp://x/?token=hush")):
        files.answers["/r?token=hush"] = answer
        assert "hush" not in repr(await Fetcher(HERE).fetch(files.url("/r?token=hush")))
