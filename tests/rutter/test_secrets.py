"""A planted token and secret appear in no log record, exception, repr or outcome."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.connections import Connection
from schemas.writes import StoredWrite
from service.clock import SystemClock
from service.rutter.connections import Connections
from service.rutter.secrecy import scrub
from service.rutter.settings import RutterSettings

Serving = Callable[..., Any]
TOKEN, SECRET = "5f0c7f0e-7a1b-4c2d-9e3f-planted-token", "planted-client-secret"


class Everything(logging.Handler):
    """Keeps every record whole: message, arguments, extras and trace."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.texts.append(f"{record.name} {record.getMessage()} {record.__dict__!r} {trace}")


@pytest.fixture
def everything() -> Iterator[Everything]:
    """All loggers there are, at DEBUG."""
    handler = Everything()
    root = logging.getLogger()
    names = [*logging.root.manager.loggerDict, "httpx", "httpcore.http11", "httpcore.connection", "asyncio"]
    before = {name: logging.getLogger(name).level for name in names}
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)
    for name, old in before.items():
        logging.getLogger(name).setLevel(old)


async def test_no_token_in_any_log_outcome_or_repr(
    *,
    everything: Everything,
    serving: Serving,
    talking: Serving,
    answer: Callable[..., bytes],
    connection: Connection,
    with_job: StoredWrite,
) -> None:
    said = {
        "error_code": TOKEN,
        "error_message": f"at https://x/v?access_token={TOKEN}&a=b, {SECRET}",
        "error_metadata": {"human_readable": f"token: {TOKEN.upper()}"},
    }
    echo = json.dumps(said).encode()
    jobs = (
        f'{{"id":"job-1","status":"failure","request":{{"url":"https://x?access_token={TOKEN}"}},"response":'.encode()
    )
    scripts = [
        answer(400, echo, f"Location: https://x?access_token={TOKEN}"),
        answer(500, echo),
        answer(302, b"", f"Location: https://x?access_token={TOKEN}"),
        answer(409, echo),
        None,
        answer(200, b'{"invoice":{"id":"%s"}}' % TOKEN.encode()),
    ]
    seen: list[object] = []
    async with serving(*scripts) as server, talking(server.url) as parts:
        seen += [await parts.client.post(connection, with_job, 5.0) for _ in scripts]
        server.scripts, server.seen[:] = [answer(200, jobs + b'{"http_status":450,"body":' + echo + b"}}")], []
        seen.append(await parts.client.job(connection, with_job))
        server.scripts = [answer(400, echo)]
        seen.append(await parts.client.look(connection, with_job, datetime.now(UTC)))
        await parts.client.ask_sync(connection, with_job)
        calls = Connections(parts.transport, SystemClock())
        seen.append(await calls.exchange(TOKEN))
        seen.append(await calls.status(TOKEN))
        seen.append(await calls.company_info(TOKEN))
        seen += [parts.settings, parts.client, parts.transport, parts.reading, connection]
        assert any(TOKEN.encode() in one for one in server.seen), "the token was sent"
    assert any("no sync of acme" in one for one in everything.texts), "the log was listened to"
    told = "\n".join([*everything.texts, *(repr(one) for one in seen)]).lower()
    assert TOKEN.lower() not in told
    assert SECRET not in told
    assert "y2xpzw50" not in told  # the Basic credentials


async def test_nobody_there_tells_no_token(
    everything: Everything, talking: Serving, connection: Connection, with_job: StoredWrite
) -> None:
    async with talking("http://127.0.0.1:1/versioned") as parts:
        seen = [await parts.client.post(connection, with_job, 5.0), await parts.client.job(connection, with_job)]
    assert TOKEN not in "\n".join([*everything.texts, repr(seen)])


@pytest.mark.parametrize(
    ("text", "secrets", "expected"),
    [
        ("a tok/en+1 b", ("tok/en+1",), "a [secret] b"),
        ("a tok%2Fen%2B1 b", ("tok/en+1",), "a [secret] b"),
        ("a TOK/EN+1", ("tok/en+1",), "a [secret]"),
        ("?access_token=zzz&b=1", (), "?access_token=[secret]&b=1"),
        ('{"client_secret":"zzz"}', (), '{"client_secret":"[secret]"}'),
        ("nul\x00 and \ud800", (), "nul  and  "),
        ("12345678901", (), "123456789…"),
    ],
)
def test_scrubbing(text: str, secrets: tuple[str, ...], expected: str) -> None:
    assert scrub(text, secrets, 10 if text.startswith("123") else 100) == expected


@pytest.mark.parametrize("url", ["rutter.example", "ftp://h/v", "https://", "https://u:p@h/v", "https://h/v?a=b"])
def test_a_wrong_address_stops_the_start_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="base URL of Rutter") as refused:
        RutterSettings(base_url=url, client_id="a", client_secret=SECRET)
    assert SECRET not in str(refused.value)
