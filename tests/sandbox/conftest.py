"""A sandbox on an ephemeral port for each test, and a way to open connections on it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from sandbox.server import Sandbox, running_sandbox
from sandbox.settings import Settings
from tests.sandbox.shop import VERSION, Shop

Opening = Callable[..., Awaitable[Shop]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running_sandbox(Settings(webhook_pauses=(0.01, 0.01, 0.01, 0.01, 0.01))) as running:
        yield running


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    auth = (sandbox.settings.client_id, sandbox.settings.client_secret)
    headers = {"x-rutter-version": VERSION}
    async with httpx.AsyncClient(
        base_url=sandbox.url, auth=auth, headers=headers, trust_env=False, timeout=20
    ) as client:
        yield client


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


@pytest.fixture
async def shop(opening: Opening) -> Shop:
    return await opening()
