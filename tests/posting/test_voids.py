"""A void: a change of an invoice, proved by the invoice alone, once, also when its answer is lost."""

from pathlib import Path
from typing import Any

import pytest

from schemas.books import References
from schemas.events import Event, NotAnEvent, parse_event
from schemas.exact_json import dumps
from tests.posting.rig import Rig, order, rig


def cancelled(order_id: str) -> Event:
    body = {
        "specversion": "1.0", "id": f"cancellation:{order_id}", "source": "shop", "type": "order.cancelled",
        "connection": "acme", "time": "2026-11-03T10:00:00Z",
        "data": {"cancellation": {"order_id": order_id, "cancelled_at": "2026-11-03T10:00:00Z"}},
    }  # fmt: skip
    read = parse_event(dumps(body))
    assert not isinstance(read, NotAnEvent), read
    return read


async def patches(r: Rig) -> list[dict[str, Any]]:
    asked = (await r.http.get("/_sandbox/requests")).json()["requests"]
    return [one for one in asked if one["method"] == "PATCH"]


async def test_a_cancelled_order_leaves_a_void_invoice_and_a_link_of_the_void(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(cancelled("1001"), order("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (2, 0)
        (invoice,) = await r.books("invoice")
        assert (invoice["status"], float(invoice["total_amount"])) == ("void", 0.0)
        asked = References(links=frozenset({"void:invoice:1001"}))
        link = (await r.trail.work.read("acme", "shop", asked)).links["void:invoice:1001"]
        assert (link.kind, link.rutter_id, link.total) == ("invoice_void", invoice["id"], None)
        (patch,) = await patches(r)
        assert patch["path"].endswith(f"/accounting/invoices/{invoice['id']}")
        assert patch["idempotency_key"]


@pytest.mark.parametrize("platform", ["QUICKBOOKS", "QUICKBOOKS_DESKTOP", "XERO", "NETSUITE"])
async def test_a_void_is_understood_as_each_platform_shows_it(tmp_path: Path, platform: str) -> None:
    async with rig(tmp_path, platform=platform) as r:
        await r.tell(order("1001", 2868, tax=0))
        assert (await r.settle()).done == 1
        await r.tell(cancelled("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (2, 0)
        (invoice,) = await r.books("invoice")
        shown = "paid" if platform in ("QUICKBOOKS_DESKTOP", "NETSUITE") else "void"
        assert (invoice["status"], float(invoice["total_amount"])) == (shown, 0.0)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "timeout_before", "seconds": 1},
        {"kind": "timeout_after", "seconds": 1},
        {"kind": "error_before", "status": 500},
        {"kind": "error_after", "status": 500, "job_header": False},
        {"kind": "error_after", "status": 500, "job_header": True, "remember": "error"},
        {"kind": "stay_pending", "seconds": 0.3},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
async def test_a_void_in_doubt_is_resolved_by_its_invoice(tmp_path: Path, fault: dict[str, Any]) -> None:
    async with rig(tmp_path, speed=400.0) as r:
        await r.tell(order("1001"))
        assert (await r.settle()).done == 1
        await r.fault(method="PATCH", endpoint="invoices", times=1, **fault)
        await r.tell(cancelled("1001"))
        counts = await r.settle(60.0)
        assert (counts.done, counts.parked) == (2, 0)
        assert await r.fired() == 1
        (invoice,) = await r.books("invoice")
        assert invoice["status"] == "void"


@pytest.mark.parametrize("platform", ["XERO", "NETSUITE"])  # names the day in its refusal; does not
async def test_an_invoice_of_a_closed_period_that_may_not_be_void_is_credited(tmp_path: Path, platform: str) -> None:
    async with rig(tmp_path, platform=platform) as r:
        await r.tell(order("1001"))
        assert (await r.settle()).done == 1
        r.clock.leap(days=60)
        closed = {"connection_id": r.company, "closing_date": "2026-11-02"}
        assert (await r.http.post("/_sandbox/connections/edit", json=closed)).status_code == 200
        await r.tell(cancelled("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (2, 0)
        (invoice,) = await r.books("invoice")
        (memo,) = await r.books("invoice_credit_memo")
        assert invoice["status"] == "paid"
        assert (memo["issue_date"][:10], memo["total_amount"]) == ("2026-11-03", "30.58")
        assert len(await patches(r)) == 1
