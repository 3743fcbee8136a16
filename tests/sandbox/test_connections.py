"""Connections: made, exchanged, listed, broken and mended, and the signed webhooks that tell of it."""

import asyncio
import base64
import hashlib
import hmac
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import orjson
import pytest

from sandbox.server import Sandbox
from sandbox.settings import Settings
from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP


class Receiver:
    """A plain HTTP receiver that answers a script of statuses, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self._statuses = list(statuses)
        self._arrived = asyncio.Event()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                pairs = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
                headers = {name.lower(): value for name, value in pairs}
                body = await reader.readexactly(int(headers["content-length"]))
                self.got.append((headers, body))
                self._arrived.set()
                status = self._statuses.pop(0) if self._statuses else 200
                writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n".encode())
        writer.close()

    async def codes(self, number: int) -> list[str]:
        """The codes received, sorted, once there are this many."""
        async with asyncio.timeout(30):
            while len(self.got) < number:
                await self._arrived.wait()
                self._arrived.clear()
        return sorted(orjson.loads(body)["code"] for _, body in self.got)


@asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = await asyncio.start_server(receiver.handle, sock=listener)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    finally:
        server.close()


async def _state(shop: Shop, state: str) -> None:
    await shop.control("connections/state", {"connection_id": shop.connection_id, "state": state})


async def test_the_life_of_a_connection_in_webhooks(opening: Opening, sandbox: Sandbox) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening(ready=False, webhook_url=url)
        for state in ("ready", "needs_update", "active", "disabled"):
            await _state(shop, state)
        codes = await receiver.codes(4)

    assert codes == ["CONNECTION_DISABLED", "CONNECTION_NEEDS_UPDATE", "CONNECTION_UPDATED", "INITIAL_UPDATE"]
    for headers, body in receiver.got:
        mac = hmac.new(sandbox.settings.client_secret.encode(), body, hashlib.sha256).digest()
        assert headers["x-rutter-signature"] == "sha256=" + base64.b64encode(mac).decode()
        told = orjson.loads(body)
        assert (told["type"], told["connection_id"], told["access_token"]) == (
            "CONNECTION",
            shop.connection_id,
            shop.access_token,
        )


async def _deliveries(shop: Shop, state: str) -> list[Json]:
    async with asyncio.timeout(30):
        while True:
            told: list[Json] = (await shop.told("webhooks"))["deliveries"]
            if told and all(one["state"] == state for one in told):
                return told
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    ("statuses", "tries", "state"),
    [((), 1, "delivered"), ((500, 503), 3, "delivered"), ((500,) * 9, 6, "failed")],
)
async def test_webhooks_are_tried_six_times(
    opening: Opening, statuses: tuple[int, ...], tries: int, state: str
) -> None:
    receiver = Receiver(*statuses)
    async with receiving(receiver) as url:
        shop = await opening(webhook_url=url)
        (delivery,) = await _deliveries(shop, state)

    assert (delivery["code"], delivery["tries"], len(receiver.got)) == ("INITIAL_UPDATE", tries, tries)
    assert len({body for _, body in receiver.got}) == 1


async def test_default_pauses_last_about_a_quarter_of_an_hour() -> None:
    pauses = Settings().webhook_pauses

    assert (len(pauses), 14 * 60 < sum(pauses) < 16 * 60) == (5, True)


@pytest.mark.parametrize(
    ("rule", "mode", "codes"),
    [
        ("async", "async", ["INITIAL_UPDATE", "JOB_COMPLETED"]),
        ("async", "prefer_sync", ["INITIAL_UPDATE"]),
        ("all", "prefer_sync", ["INITIAL_UPDATE", "JOB_COMPLETED"]),
        ("none", "async", ["INITIAL_UPDATE"]),
    ],
)
async def test_job_completed(opening: Opening, rule: str, mode: str, codes: list[str]) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening(webhook_url=url)
        await shop.control("switches", {"job_webhooks": rule})
        answer = await shop.post("customers", {"customer": {"contact_name": "Ada"}, "response_mode": mode}, key="k")
        assert await receiver.codes(len(codes)) == codes
        told = [one for one in map(orjson.loads, (body for _, body in receiver.got)) if one["type"] == "JOB"]

    for one in told:
        assert one["job"]["id"] == answer.headers["x-rutter-job-id"]
        assert (one["job"]["status"], one["job"]["response"]["http_status"]) == ("success", 200)
        assert one["job"]["request"]["idempotency_key"] == "k"


async def test_object_webhooks(opening: Opening, http: httpx.AsyncClient) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        await http.post("/_sandbox/webhooks", json={"url": url})
        shop = await opening("ZOHOBOOKS")
        await shop.control("switches", {"object_webhooks": True})
        who = await shop.customer(currency_code="USD")
        invoice = await shop.invoice(who)
        await shop.delete(f"invoices/{invoice['id']}")
        codes = await receiver.codes(4)

    assert codes == ["CUSTOMER_CREATED", "INITIAL_UPDATE", "INVOICE_CREATED", "INVOICE_DELETED"]


async def test_a_webhook_by_its_code(opening: Opening) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        shop = await opening(ready=False, webhook_url=url)
        asked = {"connection_id": shop.connection_id, "code": "CONNECTION_LINK_ERROR", "fields": {"why": "x"}}
        await shop.control("webhooks/send", asked)
        assert await receiver.codes(1) == ["CONNECTION_LINK_ERROR"]
        wrong = await shop.http.post("/_sandbox/webhooks/send", json={**asked, "code": "LUNCH"})
    told = orjson.loads(receiver.got[0][1])

    assert (told["why"], told["connection_id"], wrong.status_code) == ("x", shop.connection_id, 400)


async def test_exchange_of_a_public_token(shop: Shop, sandbox: Sandbox) -> None:
    settings = sandbox.settings
    asked = {"client_id": settings.client_id, "secret": settings.client_secret, "public_token": shop.public_token}
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as stranger:
        told = (await stranger.post("/versioned/item/public_token/exchange", json=asked)).json()
        wrong = await stranger.post("/versioned/item/public_token/exchange", json={**asked, "secret": "x"})
        unknown = await stranger.post("/versioned/item/public_token/exchange", json={**asked, "public_token": "x"})

    assert (told["connection_id"], told["access_token"]) == (shop.connection_id, shop.access_token)
    assert (told["is_ready"], told["platform"]) == (True, "QUICKBOOKS")
    assert (wrong.status_code, unknown.status_code) == (401, 400)


async def test_broken_connections_are_hidden_until_asked_for(shop: Shop) -> None:
    async def listed(**query: str) -> list[str]:
        told = (await shop.http.get("/versioned/connections", params=query)).json()["connections"]
        return [one["status"] for one in told]

    assert await listed() == ["active"]
    await _state(shop, "needs_update")
    assert (await listed(), await listed(status="needs_reauth"), await listed(status="any")) == (
        [],
        ["needs_reauth"],
        ["needs_reauth"],
    )
    refused = await shop.post("customers", {"customer": {"contact_name": "Ada"}}, key="k")
    assert (refused.json()["error_code"], "x-rutter-job-id" in refused.headers) == ("NEEDS_UPDATE", False)
    status = (await shop.get("connections/status")).json()["status"]
    assert (status["is_healthy"], status["needs_update_status"]) == (False, {"needs_update": True})

    await _state(shop, "disabled")
    refused = await shop.get("accounting/customers")
    assert refused.json()["error_code"] == "CONNECTION_DISABLED"
    told = (await shop.get("connections/status")).json()["status"]["disabled_status"]
    assert told == {"is_disabled": True, "disabled_reason": "MANUALLY_DISABLED"}


async def test_a_link_made_by_the_server_and_signed_into(http: httpx.AsyncClient, sandbox: Sandbox) -> None:
    made = (await http.post("/versioned/connections/create", json={})).json()["connection"]
    query = {"access_token": made["access_token"]}
    assert (await http.get("/versioned/accounting/customers", params=query)).status_code == 400
    assert made["link_url"].startswith(sandbox.url)
    page = await http.get(made["link_url"])
    assert (page.status_code, "Sign in" in page.text) == (200, True)
    assert (await http.post(made["link_url"])).status_code == 200
    assert (await http.get("/versioned/accounting/customers", params=query)).status_code == 200


async def test_a_chart_of_ones_own(opening: Opening) -> None:
    chart = [
        {"role": "adyen_clearing", "name": "Adyen", "account_type": "bank"},
        {"role": "sales_income", "name": "Revenue", "nominal_code": "8000"},
    ]
    shop = await opening(chart_of_accounts=chart)
    accounts = (await shop.get("accounting/accounts")).json()["accounts"]
    by_id = {one["id"]: one for one in accounts}

    assert by_id[shop.accounts["adyen_clearing"]]["account_type"] == "bank"
    assert (by_id[shop.accounts["sales_income"]]["name"], by_id[shop.accounts["sales_income"]]["account_type"]) == (
        "Revenue",
        "income",
    )


async def test_reset_gives_the_same_ids_again(opening: Opening) -> None:
    first = await opening()
    await first.control("reset", {})
    again = await opening()

    assert (first.connection_id, first.accounts, first.access_token) == (
        again.connection_id,
        again.accounts,
        again.access_token,
    )
    assert (await again.books())["documents"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"platform": "QUICKEN"},
        {"currencies": ["usd"]},
        {"currencies": "USD"},
        {"closing_date": "soon"},
        {"webhook_url": "ftp://x"},
        {"chart_of_accounts": [{"role": "x", "name": "X"}]},
        {"access_token": "a b"},
    ],
)
async def test_a_wrong_company_is_refused(http: httpx.AsyncClient, wrong: Json) -> None:
    answer = await http.post("/_sandbox/connections", json=wrong)

    assert (answer.status_code, next(iter(wrong)) in answer.json()["error"]) == (400, True)
