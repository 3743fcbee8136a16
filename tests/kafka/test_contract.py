"""What intake promises, over both ways: straight into the trail, and through Kafka."""

import asyncio
import json

from tests.kafka.cluster import until
from tests.kafka.conftest import WayIn
from tests.web.told import BATCHED, SIGNED, body, payment


async def arrived(way_in: WayIn, deliveries: int) -> None:
    """That many deliveries are in the trail."""

    async def there() -> bool:
        return len(await way_in.kept.deliveries()) >= deliveries

    await until(there)


async def test_what_was_answered_202_is_in_the_trail_once(way_in: WayIn) -> None:
    answers = await asyncio.gather(
        *(
            way_in.client.post("/webhooks/acme-shop", content=body(payment(f"ch_{n}")), headers=SIGNED)
            for n in range(30)
        )
    )
    await arrived(way_in, 30)

    told = sorted(answer.headers["ledgerhook-delivery"] for answer in answers)
    assert sorted(delivery.id for delivery in await way_in.kept.deliveries()) == told
    assert sorted(await way_in.kept.keys()) == sorted(f"payment:ch_{n}" for n in range(30))


async def test_a_delivery_comes_through_as_it_was_received(way_in: WayIn) -> None:
    await way_in.client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)
    await arrived(way_in, 1)

    (delivery,) = await way_in.kept.deliveries()
    assert (delivery.source, delivery.connection, delivery.status) == ("acme-shop", "acme", "told")
    assert delivery.opened()[1] == body(payment())


async def test_duplicates_are_one_event(way_in: WayIn) -> None:
    for _ in range(3):
        await way_in.client.post("/webhooks/acme-shop", content=body(payment()), headers=SIGNED)
    await arrived(way_in, 3)

    assert await way_in.kept.keys() == ["payment:ch_1"]


async def test_events_of_one_delivery_stay_together(way_in: WayIn) -> None:
    content = body(*(payment(f"ch_{n}") for n in range(40)))
    answer = await way_in.client.post("/webhooks/acme-shop", content=content, headers=BATCHED)
    await arrived(way_in, 1)

    assert answer.status_code == 202
    (delivery,) = await way_in.kept.deliveries()
    assert delivery.opened()[1] == content
    assert sorted(await way_in.kept.keys()) == sorted(f"payment:ch_{n}" for n in range(40))


async def test_ignored_and_unreadable_are_kept(way_in: WayIn) -> None:
    other = json.dumps({"specversion": "1.0", "id": "1", "source": "x", "type": "cart.updated"}).encode()
    wrong = body(payment(id="evt_1"))
    for content in (other, wrong):
        assert (await way_in.client.post("/webhooks/acme-shop", content=content, headers=SIGNED)).status_code == 202
    await arrived(way_in, 2)

    ignored, unreadable = await way_in.kept.deliveries()
    assert (ignored.status, ignored.reason) == ("ignored", "an event of type 'cart.updated'")
    assert (unreadable.status, unreadable.path) == ("unreadable", "$.id")
    assert unreadable.opened()[1] == wrong


async def test_a_large_delivery_comes_through(way_in: WayIn) -> None:
    content = body(payment()).ljust(2 * 1024 * 1024)
    answer = await way_in.client.post("/webhooks/acme-shop", content=content, headers=SIGNED)
    await arrived(way_in, 1)

    assert answer.status_code == 202
    assert len((await way_in.kept.deliveries())[0].opened()[1]) == 2 * 1024 * 1024
