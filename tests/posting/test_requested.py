"""Accounts and items that are asked for, from the request into the books: once, whatever becomes of the answers."""

from pathlib import Path
from typing import Any

import pytest

from consumers.requests import account_requested, item_requested
from service.requesting import request
from tests.posting.rig import NOON, Rig, rig

INCOME = account_requested("acme", "income", name="Shop income", account_type="income", currency="USD", at=NOON)
SHIPPING = item_requested("acme", "shipping", name="Postage", account_role="income", at=NOON)


async def named(r: Rig, plural: str, name: str) -> list[dict[str, Any]]:
    asked = {"access_token": r.token, "limit": "100"}
    headers = {"X-Rutter-Version": "2024-08-31"}
    told = (await r.http.get(f"/versioned/accounting/{plural}", params=asked, auth=auth(r), headers=headers)).json()
    return [one for one in told[plural] if one["name"] == name]


def auth(r: Rig) -> tuple[str, str]:
    return r.sandbox.settings.client_id, r.sandbox.settings.client_secret


@pytest.mark.parametrize("fault", [None, "timeout_before", "timeout_after", "error_after"])
async def test_an_item_and_its_account_are_made_once(tmp_path: Path, fault: str | None) -> None:
    async with rig(tmp_path, speed=400.0) as r:
        if fault is not None:
            for endpoint in ("accounts", "items"):
                await r.fault(method="POST", endpoint=endpoint, times=1, kind=fault, connection_id=r.company)
        await request(r.trail, [SHIPPING, INCOME], r.clock.now())
        counts = await r.settle()
        (account,), (_item,) = await named(r, "accounts", "Shop income"), await named(r, "items", "Postage")

    assert (counts.done, counts.held, counts.parked) == (2, 0, 0)
    assert (account["account_type"], account["currency_code"]) == ("income", "USD")


async def test_what_is_there_is_linked_and_not_made_again(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        there = item_requested("acme", "shipping", name="shipping", at=NOON)
        await request(r.trail, [there], r.clock.now())
        counts = await r.settle()

        assert (counts.done, counts.parked) == (1, 0)
        assert await r.posts("item") == []


async def test_asked_for_again_under_another_name_the_last_request_counts(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        wrong = account_requested(
            "acme", "income", name="Stripe clearing", account_type="income", currency="USD", at=NOON
        )
        await request(r.trail, [wrong], r.clock.now())
        (group,) = await r.until_parked()
        later = NOON.replace(hour=13)
        right = account_requested("acme", "income", name="A income", account_type="income", currency="USD", at=later)
        await request(r.trail, [right], r.clock.now())
        counts = await r.settle()

        assert group.fingerprint == "ambiguous: account Stripe clearing"
        assert (counts.done, counts.parked) == (1, 0)
        assert len(await named(r, "accounts", "A income")) == 1
