"""The five steps by eight platforms: what the capability table says is what is in the books."""

import pytest

from sandbox.month.merchant import PLATFORMS
from schemas.platforms.registry import platform
from tools.matrix.cells import cell, prove
from tools.matrix.page import page
from tools.matrix.rows import ROWS


@pytest.mark.parametrize("name", PLATFORMS)
async def test_each_cell_is_proven_by_what_is_in_the_books(name: str) -> None:
    result, cells = await prove(name)
    assert [(gap.where, gap.what, gap.expected, gap.found) for gap in result.audit.gaps] == []
    assert [one.row.title for one in cells if not one.proven] == []
    assert {one.row.step for one in cells} == {
        "Connect",
        "Accounts",
        "Invoices",
        "Attachments",
        "Payments and credit memos",
    }
    assert all(one.source for one in cells if one.state == "none")


def test_a_cell_that_is_not_as_the_table_says_is_shown() -> None:
    empty: dict[str, list[object]] = {"documents": [], "trial_balance": []}
    cells = tuple(cell(row, platform("QUICKBOOKS"), empty) for row in ROWS)
    assert {one.row.title for one in cells if one.proven} == set()
    assert page({"QUICKBOOKS": cells}).count("**not as the table says**") == len(ROWS)
    none = [one for one in (cell(row, platform("QUICKBOOKS_DESKTOP"), empty) for row in ROWS) if one.proven]
    assert {one.row.title for one in none} == {
        "files beside invoices, byte for byte",
        "payments on no invoice",
        "customer refunds out of the gateway's account",
    }
