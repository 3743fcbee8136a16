"""`POST /api/attachments`: what is asked for, what is handed on, and what is answered."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from service.console.app import create_admin_app
from service.console.attaching import AttachDesk
from service.files.giving import Gift, Given, NotGiven
from tests.console.conftest import Console
from tests.console.stage import TOKEN

ASKED = {"connection": "acme", "order": "1001", "file_name": "r.pdf"}
GIVEN = Given(key="attachment:1001:ab", namespace="shop", digest="ab", content_type="text/csv", size=3, what="taken")


@pytest.fixture
def gifts() -> list[Gift]:
    return []


@pytest_asyncio.fixture
async def door(standing: Console, gifts: list[Gift]) -> AsyncIterator[httpx.AsyncClient]:
    async def give(gift: Gift) -> Given | NotGiven:
        gifts.append(gift)
        return NotGiven("no such order") if gift.order == "0" else GIVEN

    desk = replace(standing.parts.desk, attach=AttachDesk(give=give, most_bytes=1000))
    app = httpx.ASGITransport(create_admin_app(desk))
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=app, base_url="http://console", headers=headers) as client:
        yield client


async def test_a_file_is_taken(door: httpx.AsyncClient, gifts: list[Gift]) -> None:
    answer = await door.post("/api/attachments", params={**ASKED, "namespace": "shop"}, content=b"x" * 1000)

    assert answer.status_code == 201
    assert answer.json() == {
        "key": "attachment:1001:ab", "namespace": "shop", "digest": "ab", "content_type": "text/csv", "size": 3,
        "what": "taken",
    }  # fmt: skip
    assert gifts == [Gift(connection="acme", order="1001", file_name="r.pdf", content=b"x" * 1000, namespace="shop")]


@pytest.mark.parametrize(
    ("asked", "content", "status"),
    [
        (ASKED, b"x" * 1001, 413),
        ({**ASKED, "order": "0"}, b"x", 400),
        ({"connection": "acme", "order": "1001"}, b"x", 400),
        ({"connection": "acme", "file_name": "r.pdf"}, b"x", 400),
        ({"order": "1001", "file_name": "r.pdf"}, b"x", 400),
    ],
)
async def test_what_is_wrong_is_said(
    door: httpx.AsyncClient, asked: dict[str, str], content: bytes, status: int
) -> None:
    answer = await door.post("/api/attachments", params=asked, content=content)

    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_nothing_is_taken_without_the_token_or_where_nobody_takes_it(standing: Console) -> None:
    url = f"{standing.url}/api/attachments"
    assert httpx.post(url, params=ASKED, content=b"x").status_code == 401
    assert httpx.post(url, params=ASKED, content=b"x", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 501
