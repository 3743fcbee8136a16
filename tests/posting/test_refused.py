"""What the books would not take, in words that a person understands, and what cures it."""

from dataclasses import replace
from pathlib import Path

from schemas.events import OrderCompleted
from schemas.mapping import Numbers
from service.trail import connections
from service.trail.changes import Declared
from service.trail.releasing import release
from tests.posting.rig import MAPPING, Rig, order, payment, refund, rig


async def released(r: Rig, fingerprint: str) -> None:
    now = r.clock.now()
    await r.trail.run(lambda c: release(c, now, fingerprints=[fingerprint]))


async def switched(r: Rig, **switches: str) -> None:
    answer = await r.http.post("/_sandbox/switches", json=switches)
    assert answer.status_code == 200, answer.text


async def test_a_number_that_is_taken_is_cured_by_a_prefix(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await switched(r, duplicate_document_number="refuse")
        await r.tell(order("1001"))
        assert (await r.settle()).done == 1
        other = order("x-1001")  # of another shop of the merchant, which counts alike
        assert isinstance(other, OrderCompleted)
        alike = other.data.order.model_copy(update={"number": "1001"})
        await r.tell(other.model_copy(update={"data": other.data.model_copy(update={"order": alike})}))
        (group,) = await r.until_parked()
        assert group.fingerprint == "document number taken: invoice numbers"
        assert "its number 1001 is taken by another document" in group.detail
        assert "QuickBooks Online said (450 PLATFORM_ERROR): Document number 1001 is already used" in group.detail
        connection = await r.trail.work.connection("acme")
        assert connection is not None
        wanted = replace(connection, mapping=replace(MAPPING, numbers=Numbers(prefix="S-")))
        done = await r.trail.run(lambda c: connections.declare(c, r.trail.keys, wanted, r.clock.now()))
        assert isinstance(done, Declared)
        await released(r, group.fingerprint)
        assert (await r.settle()).done == 2
        assert sorted(one["document_number"] for one in await r.books("invoice")) == ["1001", "S-1001"]


async def test_a_document_that_the_platform_has_not_parks_its_kind_under_one_cause(tmp_path: Path) -> None:
    async with rig(tmp_path, platform="ZOHOBOOKS") as r:
        await r.tell(order("1001", 2868, tax=0), order("1002", 2868, tax=0))
        assert (await r.settle()).done == 2
        await switched(r, unknown_endpoints="refuse")
        await r.tell(*(refund(f"re_{number}", number, 100, through=None) for number in ("1001", "1002")))
        (group,) = await r.until_parked()
        assert (group.fingerprint, group.count) == ("not supported: credit memos on ZOHOBOOKS", 2)
        assert "Zoho Books said (404" in group.detail
        await switched(r, unknown_endpoints="accept")
        await released(r, group.fingerprint)
        assert (await r.settle()).done == 4


async def test_a_payment_of_more_than_is_open_says_so(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"))
        assert (await r.settle()).done == 1
        (invoice,) = await r.books("invoice")
        paid = {"connection_id": r.company, "type": "invoice", "id": invoice["id"], "amount": 30}
        answer = await r.http.post("/_sandbox/documents/pay", json=paid)
        assert answer.status_code < 300, answer.text
        await r.tell(payment("ch_1", "1001"), refund("re_1", "1001", 100, through=None))
        groups = await r.until_parked()
        assert {one.fingerprint for one in groups} & {
            "exceeds what is open: invoice payments",
            "exceeds what is open: credit applications",
        }
