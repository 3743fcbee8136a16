"""One sandbox for all these tests, reset before each, and a way to open connections on it.

The server lives in the run's own event loop, so the tests that talk to it carry `pytestmark = SHARED_LOOP`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from sandbox.server import Sandbox, running_sandbox
from sandbox.settings import Settings
from tests.sandbox.shop import VERSION, Shop

Opening = Callable[..., Awaitable[Shop]]


SHARED_LOOP = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running() -> AsyncIterator[Sandbox]:
    async with running_sandbox(Settings(webhook_pauses=(0.01, 0.01, 0.01, 0.01, 0.01))) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(running: Sandbox) -> Sandbox:
    await running.world.reset()
    return running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(running: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    auth = (running.settings.client_id, running.settings.client_secret)
    headers = {"x-rutter-version": VERSION}
    async with httpx.AsyncClient(
        base_url=running.url, auth=auth, headers=headers, trust_env=False, timeout=20
    ) as connected:
        yield connected


@pytest.fixture
def http(sandbox: Sandbox, client: httpx.AsyncClient) -> httpx.AsyncClient:
    assert client.base_url == sandbox.url
    return client


@pytest.fixture
def opening(http: httpx.AsyncClient) -> Opening:
    async def open_connection(platform: str = "QUICKBOOKS", **fields: Any) -> Shop:
        asked = {"platform": platform, "currencies": ["USD", "EUR", "JPY", "KWD"], **fields}
        made = await http.post("/_sandbox/connections", json=asked)
        assert made.status_code == 201, made.text
        told = made.json()
        names = ("connection_id", "access_token", "accounts", "items", "public_token")
        return Shop(http, **{name: told[name] for name in names})

    return open_connection


@pytest_asyncio.fixture(loop_scope="session")
async def shop(opening: Opening) -> Shop:
    return await opening()
