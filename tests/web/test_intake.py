"""What is answered 202 is in the trail, once; everything else has one clear answer."""

import asyncio
import json

import httpx
import pytest

from service.metrics import Metrics
from tests.web.kept import Kept
from tests.web.told import BATCHED, SHOP, SIGNED, body, payment


async def test_a_delivery_is_in_the_trail_when_202_is_answered(client: httpx.AsyncClient, kept: Kept) -> None:
    answer = await client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)

    assert answer.status_code == 202
    (delivery,) = await kept.deliveries()
    assert answer.headers["ledgerhook-delivery"] == delivery.id
    assert (delivery.source, delivery.connection, delivery.status) == ("acme-shop", "acme", "told")
    assert await kept.keys() == ["payment:ch_1"]


async def test_the_request_is_kept_sealed_without_its_token(client: httpx.AsyncClient, kept: Kept) -> None:
    await client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)

    (delivery,) = await kept.deliveries()
    headers, kept_body = delivery.opened()
    assert kept_body == body(payment())
    assert headers["content-type"] == "application/cloudevents+json"
    assert "authorization" not in headers
    assert delivery.sealed is not None
    assert b"ch_1" not in delivery.sealed


async def test_a_batch_is_one_delivery(client: httpx.AsyncClient, kept: Kept) -> None:
    content = body(payment("ch_1"), payment("ch_2"), payment("ch_3"))

    answer = await client.post("/webhooks/acme-shop", content=content, headers=BATCHED)

    assert answer.status_code == 202
    assert len(await kept.deliveries()) == 1
    assert sorted(await kept.keys()) == ["payment:ch_1", "payment:ch_2", "payment:ch_3"]


async def test_of_a_batch_what_can_be_read_goes_on_and_the_rest_is_parked(
    client: httpx.AsyncClient, kept: Kept
) -> None:
    content = body(payment("ch_1"), payment("ch_2", amount="ten"), payment("ch_3"))

    answer = await client.post("/webhooks/acme-shop", content=content, headers=BATCHED)

    assert answer.status_code == 202
    assert sorted(await kept.keys()) == ["payment:ch_1", "payment:ch_3"]
    (delivery,) = await kept.deliveries()
    assert (delivery.status, delivery.path) == ("unreadable", "$[1].data.payment.amount")
    assert (delivery.reason or "").endswith("(1 of 3 events; the others went on)")


async def test_the_same_fact_twice_is_two_deliveries_and_one_event(client: httpx.AsyncClient, kept: Kept) -> None:
    for _ in range(2):
        answer = await client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)
        assert answer.status_code == 202

    assert len(await kept.deliveries()) == 2
    assert await kept.keys() == ["payment:ch_1"]


async def test_many_at_once_share_transactions(client: httpx.AsyncClient, kept: Kept) -> None:
    answers = await asyncio.gather(
        *(client.post("/webhooks/acme-shop", content=body(payment(f"ch_{n}")), headers=SIGNED) for n in range(60))
    )

    assert {answer.status_code for answer in answers} == {202}
    assert sorted(await kept.keys()) == sorted(f"payment:ch_{n}" for n in range(60))
    assert kept.transactions < 60


async def test_what_means_nothing_is_kept_as_ignored(client: httpx.AsyncClient, kept: Kept) -> None:
    content = json.dumps({"specversion": "1.0", "id": "1", "source": "x", "type": "cart.updated"})

    answer = await client.post("/webhooks/acme-shop", content=content, headers=SIGNED)

    assert answer.status_code == 202
    (delivery,) = await kept.deliveries()
    assert (delivery.status, delivery.reason) == ("ignored", "an event of type 'cart.updated'")


UNREADABLE = {
    "an id that is not the fact's natural key": (body(payment(id="evt_1")), "$.id"),
    "a million characters": (body(payment(id="payment:" + "x" * 1_000_000)), "$.id"),
    "NUL": (body(payment("ch\x00")), "$.data.payment.id"),
    "nested 10,000 deep": (b"[" * 10_000 + b"]" * 10_000, "$"),
    "beyond 2^63": (body(payment(amount=2**63)), "$.data.payment.amount"),
    "absurd": (body(payment(amount=10**16)), "$.data.payment.amount"),
    "a float": (body(payment(amount=30.58)), "$.data.payment.amount"),
    "the same key twice": (body(payment())[:-1] + b',"id":"payment:ch_2"}', "$"),
    "another connection": (body(payment(connection="other")), "$.connection"),
    "another namespace": (body(payment(source="other")), "$.source"),
    "an unknown type with our attribute": (body(payment(type="payment.recieved")), "$.type"),
    "a lone surrogate": (body(payment(subject="\ud800")), "$"),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_authentic_and_unreadable_is_acknowledged_and_parked(
    client: httpx.AsyncClient, kept: Kept, case: str
) -> None:
    content, path = UNREADABLE[case]

    answer = await client.post("/webhooks/acme-shop", content=content, headers=SIGNED)
    after = await client.post("/webhooks/acme-shop", content=body(payment("ch_9")), headers=SIGNED)

    assert (answer.status_code, after.status_code) == (202, 202)
    unreadable, _ = await kept.deliveries()
    assert unreadable.status == "unreadable"
    assert unreadable.path is not None
    assert unreadable.path.startswith(path)
    assert unreadable.opened()[1] == content
    assert await kept.keys() == ["payment:ch_9"]


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe{}", b'{"a":', b"\x00"], ids=repr)
async def test_no_message_at_all_is_400_and_leaves_nothing(
    client: httpx.AsyncClient, kept: Kept, content: bytes
) -> None:
    answer = await client.post("/webhooks/acme-shop", content=content, headers=SIGNED)

    assert (answer.status_code, await kept.deliveries()) == (400, [])


BAD_TOKENS: dict[str, dict[str, str]] = {
    "missing": {},
    "garbled": {"authorization": "Basic eDp5"},
    "wrong": {"authorization": "Bearer something-else"},
    "empty": {"authorization": "Bearer"},
}


async def test_every_bad_signature_has_the_same_answer(
    client: httpx.AsyncClient, kept: Kept, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [
        await client.post("/webhooks/acme-shop", content=body(payment()), headers=headers)
        for headers in BAD_TOKENS.values()
    ]
    stale = {"stripe-signature": "t=1700000000,v1=" + "0" * 64}
    answers += [await client.post("/webhooks/acme-stripe", content=b"{}", headers=stale)]

    assert {answer.status_code for answer in answers} == {401}
    assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert await kept.deliveries() == []
    reasons = [getattr(line, "fields", {}).get("reason") for line in caplog.records]
    assert reasons[:3] == ["signature missing", "signature garbled", "signature wrong"]


async def test_an_unknown_source_is_404_and_a_new_one_works_at_once(client: httpx.AsyncClient, kept: Kept) -> None:
    kept.known.clear()
    before = await client.post("/webhooks/new", content=body(payment()), headers=SIGNED)
    kept.known.append(SHOP)
    after = await client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)

    assert (before.status_code, after.status_code) == (404, 202)


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhooks/", "/webhooks/a/b", "/webhooks/%00", "/health"])
async def test_other_paths_are_404(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, content=b"{}")).status_code == 404


async def test_other_methods_are_405(client: httpx.AsyncClient) -> None:
    answer = await client.get("/webhooks/acme-shop")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_the_handshake_of_cloudevents_web_hooks(client: httpx.AsyncClient) -> None:
    asked = {"webhook-request-origin": "events.example.com", "webhook-request-rate": "120"}

    answer = await client.options("/webhooks/acme-shop", headers=asked)
    other = await client.options("/webhooks/acme-stripe", headers=asked)

    assert answer.status_code == 200
    assert (answer.headers["webhook-allowed-origin"], answer.headers["webhook-allowed-rate"]) == ("*", "*")
    assert other.status_code == 405


async def test_it_is_live(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).status_code == 200


async def test_nothing_durable_is_503_within_the_time(client: httpx.AsyncClient, kept: Kept) -> None:
    await kept.close()

    answer = await client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_the_numbers_tell(client: httpx.AsyncClient, metrics: Metrics) -> None:
    await client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)
    await client.post("/webhooks/acme-shop", content=b"{}")
    await client.post("/webhooks/nobody", content=b"{}")

    shown = metrics.exposition().decode()
    assert 'ledgerhook_deliveries_total{source="acme-shop",status="told"} 1.0' in shown
    assert 'ledgerhook_deliveries_refused_total{reason="signature missing",source="acme-shop"} 1.0' in shown
    assert 'ledgerhook_deliveries_refused_total{reason="unknown source",source="unknown"} 1.0' in shown
    assert 'ledgerhook_webhook_answers_total{status="202"} 1.0' in shown
