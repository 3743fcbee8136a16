"""A small month through the real service: nothing differs; and with a fault planted in planning, much does."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from consumers.planning import invoice_write
from consumers.planning.lines import Part, body_lines
from sandbox.month.generate import FEATURES, generate
from sandbox.month.merchant import merchant
from tools.month.files import serving_files
from tools.month.report import as_object, is_good
from tools.month.run import Result, play

Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def files_host() -> Iterator[str]:
    """The month's files, served."""
    with serving_files() as host:
        yield host


async def played(platform: str, events: int, files_host: str, *only: str, patience: float = 300) -> Result:
    """A small month."""
    month = generate(7, merchant(platform), events, files_at=f"http://{files_host}", only=only)
    return await play(month, lambda _: None, files_host=files_host, patience=patience)


@pytest.mark.parametrize("platform", ["QUICKBOOKS", "FRESHBOOKS"])
async def test_a_small_month_of_everything(platform: str, files_host: str) -> None:
    result = await played(platform, 40, files_host, *(one for one in FEATURES if one != "edited_merged"))
    assert as_object(result)["differences"] == []
    assert is_good(result)
    assert result.audit.compared["documents"] > 100
    assert result.audit.compared["waiting"] > 10
    assert result.audit.compared["files"] > 0


async def test_customers_that_a_person_merged(files_host: str) -> None:
    result = await played("XERO", 4, files_host, "sale", "edited_merged", patience=15)
    assert as_object(result)["differences"] == []
    assert is_good(result)


@pytest.mark.parametrize("fault", ["dropped tax", "doubled shipping"])
async def test_a_fault_in_planning_is_found(fault: str, files_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right: Lines = body_lines

    def wrong(parts: Iterable[Part], *others: Any, **named: Any) -> list[dict[str, Any]]:
        kept = list(parts)
        if fault == "dropped tax":
            kept = [part for part in kept if not part.description.startswith("Tax")]
        else:
            kept += [part for part in kept if part.description == "Shipping"]
        return right(kept, *others, **named)

    monkeypatch.setattr(invoice_write, "body_lines", wrong)
    result = await played("SAGE_INTACCT", 20, files_host, "taxed", "sale", patience=4)
    gaps = {gap.where for gap in result.audit.gaps}
    assert {"trial balance", "receivables", "documents"} <= gaps
    account = "Sales tax payable USD" if fault == "dropped tax" else "Shipping USD"
    assert account in {gap.what for gap in result.audit.gaps if gap.where == "trial balance"}
