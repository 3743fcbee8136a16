"""A period that was closed in the middle, under each policy: what is read, what a refusal teaches, what wakes."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest

from schemas.books import Books, References
from schemas.mapping import Policies
from service.trail.releasing import release
from tests.posting.rig import MAPPING, Rig, order, rig

Policy = Literal["hold", "first_open_day", "ask"]
READ, NOT_READ = "QUICKBOOKS", "XERO"
"""Platforms whose closing date Rutter tells, and does not. Orders of the rig are of 2 November 2026."""


def mapping(policy: Policy) -> Any:
    return replace(MAPPING, policies=Policies(refund="credit_memo", closed_books=policy))


async def close(r: Rig, through: str | None) -> None:
    """The merchant closes the books, or opens them."""
    asked = {"connection_id": r.company, "closing_date": through}
    answer = await r.http.post("/_sandbox/connections/edit", json=asked)
    assert answer.status_code == 200, answer.text


async def snapshot(r: Rig) -> Books:
    connection = await r.trail.work.connection("acme")
    return await r.trail.work.read("acme", "shop", References(), connection)


async def invoices(r: Rig) -> list[str]:
    return [one["issue_date"][:10] for one in await r.books("invoice")]


async def posts(r: Rig) -> int:
    return len(await r.posts("invoice"))


async def test_a_closing_date_that_is_read_stops_documents_before_they_are_sent(tmp_path: Path) -> None:
    async with rig(tmp_path, mapping=mapping("hold"), platform=READ) as r:
        await close(r, "2026-11-30")
        await r.tell(order("1001"))
        counts = await r.settle()
        assert (counts.held, await posts(r)) == (1, 0)
        assert (await snapshot(r)).closed_through == date(2026, 11, 30)
        await close(r, "2026-10-31")
        r.clock.leap(hours=1, minutes=1)
        await r.tell(order("1002"))
        counts = await r.settle()
        assert (counts.done, counts.held) == (2, 0)
        assert await invoices(r) == ["2026-11-02", "2026-11-02"]


async def test_where_it_cannot_be_read_a_refusal_teaches_it_and_the_policy_holds(tmp_path: Path) -> None:
    async with rig(tmp_path, mapping=mapping("hold"), platform=NOT_READ) as r:
        r.clock.leap(days=60)
        await close(r, "2026-11-30")
        await r.tell(order("1001"))
        counts = await r.settle()
        assert (counts.held, counts.parked, await posts(r)) == (1, 0, 1)
        assert (await snapshot(r)).closed_through == date(2026, 11, 30)  # told in the refusal
        await r.tell(order("1002"))
        assert ((await r.settle()).held, await posts(r)) == (2, 1)  # known by now: not even sent


async def test_first_open_day_dates_the_document_after_the_closing_date_under_the_next_key(tmp_path: Path) -> None:
    async with rig(tmp_path, mapping=mapping("first_open_day"), platform=NOT_READ) as r:
        r.clock.leap(days=60)
        await close(r, "2026-11-30")
        await r.tell(order("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (1, 0)
        assert await invoices(r) == ["2026-12-01"]
        assert await posts(r) == 2


async def test_where_refusals_name_no_day_the_first_open_one_is_found(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path, mapping=mapping("first_open_day"), platform="NETSUITE") as r:
        r.clock.leap(days=120)
        await close(r, "2026-11-10")
        await r.tell(order("1001"))
        counts = await r.settle()
        assert (counts.done, counts.parked) == (1, 0)
        assert await invoices(r) == ["2026-11-11"]
        assert (await snapshot(r)).closed_through == date(2026, 11, 10)
        assert await posts(r) == 10  # of the 2nd, where it belongs, and each day after it


async def test_ask_parks_with_the_platforms_words_and_a_release_tries_again(tmp_path: Path) -> None:
    async with rig(tmp_path, mapping=mapping("ask"), platform=NOT_READ) as r:
        r.clock.leap(days=60)
        await close(r, "2026-11-30")
        await r.tell(order("1001"))
        (group,) = await r.until_parked()
        assert group.fingerprint == "closed books: through 2026-11-30"
        assert "period lock date, 2026-11-30" in group.detail
        await close(r, None)
        now = r.clock.now()
        await r.trail.run(lambda c: release(c, now, fingerprints=[group.fingerprint]))
        assert (await r.settle()).done == 1
        assert await invoices(r) == ["2026-11-02"]


async def test_a_release_after_the_books_were_opened_reads_the_date_anew(tmp_path: Path) -> None:
    async with rig(tmp_path, mapping=mapping("ask"), platform=READ) as r:
        await close(r, "2026-11-30")
        await r.tell(order("1001"))
        (group,) = await r.until_parked()
        assert (group.cause, await posts(r)) == ("closed books", 0)
        await close(r, None)
        r.clock.leap(minutes=2)
        now = r.clock.now()
        await r.trail.run(lambda c: release(c, now, fingerprints=[group.fingerprint]))
        assert (await r.settle()).done == 1


@pytest.mark.parametrize("policy", ["hold", "first_open_day", "ask"])
async def test_open_books_are_written_to_under_every_policy(tmp_path: Path, policy: Policy) -> None:
    async with rig(tmp_path, mapping=mapping(policy), platform=READ) as r:
        await close(r, "2026-10-31")
        await r.tell(order("1001"))
        assert (await r.settle()).done == 1
        assert await invoices(r) == ["2026-11-02"]
