"""Orders that were amended, from what is told into the books."""

from pathlib import Path
from typing import Any

from schemas.events import Event, NotAnEvent, parse_event
from schemas.exact_json import dumps
from tests.posting.rig import order, payment, rig


def amended(told: dict[str, Any]) -> Event:
    body = {
        "specversion": "1.0", "id": f"amendment:{told.pop('id')}", "source": "shop", "type": "order.amended",
        "connection": "acme", "time": "2026-11-02T11:00:00Z", "data": {"amendment": told},
    }  # fmt: skip
    read = parse_event(dumps(body))
    assert not isinstance(read, NotAnEvent), read
    return read


async def test_a_payment_of_more_than_was_ordered_first_waits_for_the_amendment(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001", 3058))
        assert (await r.settle()).done == 1
        more = order("1001", 4058).model_dump(mode="json")["data"]["order"]
        told = {"id": "1001:1", "order": more, "revision": 1, "amended_at": "2026-11-02T11:00:00Z"}
        await r.fault(method="POST", endpoint="invoices", times=1, kind="error_before", status=500)
        await r.tell(payment("p1", "1001", 4058), amended(told))
        counts = await r.settle()
        assert (counts.done, counts.parked, counts.held) == (3, 0, 0)
        invoices = await r.books("invoice")
        assert sorted(one["total_amount"] for one in invoices) == [10.0, 30.58]
        assert {one["status"] for one in invoices} == {"paid"}
        assert (await r.fired(), len(await r.posts("invoice_payment"))) == (1, 1)
