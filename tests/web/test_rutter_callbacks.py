"""Rutter's own webhooks move what they name before they are answered."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx

from schemas.deliveries import BooksChanged, ConnectionMoved, ListChanged
from tests.web.kept import Kept


def signed(secret: str, content: bytes) -> dict[str, str]:
    proof = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
    return {"x-rutter-signature": f"sha256={proof}", "content-type": "application/json"}


async def sent(client: httpx.AsyncClient, secret: str, **told: Any) -> httpx.Response:
    content = json.dumps(told).encode()
    return await client.post("/webhooks/rutter", content=content, headers=signed(secret, content))


async def test_a_connection_moves_and_the_delivery_is_kept(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await sent(
        client,
        "client-secret",
        type="CONNECTION",
        code="CONNECTION_NEEDS_UPDATE",
        connection_id="c-1",
        access_token="live-token",
    )

    assert answer.status_code == 200
    assert kept.moved == [ConnectionMoved(rutter_connection_id="c-1", move="needs_update")]
    (delivery,) = await kept.deliveries()
    assert (delivery.source, delivery.status, delivery.reason) == ("rutter", "told", "connection needs_update")
    assert delivery.sealed is not None
    assert b"live-token" not in delivery.sealed


async def test_a_job_ends(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await sent(client, "client-secret", type="JOB", code="JOB_COMPLETED", job={"id": "job-1"})

    assert (answer.status_code, kept.jobs) == (200, ["job-1"])


async def test_a_forged_one_moves_nothing(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await sent(client, "another-secret", type="JOB", code="JOB_COMPLETED", job={"id": "job-1"})

    assert (answer.status_code, kept.jobs, await kept.deliveries()) == (401, [], [])


async def test_everything_else_is_kept_and_ignored(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await sent(client, "client-secret", type="ORDER", code="ORDER_UPDATED")

    assert answer.status_code == 200
    assert [delivery.status for delivery in await kept.deliveries()] == ["ignored"]


async def test_what_changed_in_the_books_is_kept_with_its_reason(client: httpx.AsyncClient, kept: Kept) -> None:
    for code in ("INVOICE_DELETED", "ITEM_UPDATED"):
        answer = await sent(client, "client-secret", code=code, connection_id="c-1")
        assert answer.status_code == 200

    assert [(delivery.status, delivery.reason) for delivery in await kept.deliveries()] == [
        ("told", "invoice deleted in the books"),
        ("told", "the list of item entries changed in the books"),
    ]
    assert kept.changed == [BooksChanged("c-1", "invoice", None, "deleted"), ListChanged("c-1", "item")]
