"""The cells: each platform's small month, and what of it is in the books."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from sandbox.month.audit import Report
from sandbox.month.generate import generate
from sandbox.month.merchant import Merchant, merchant
from sandbox.month.platform import WAYS
from schemas.platforms.capability import Platform
from schemas.platforms.registry import platform
from tools.matrix.rows import ROWS, Row
from tools.month.files import serving_files
from tools.month.run import Result, play

State = Literal["works", "none", "unknown"]
SHOWN: Final[tuple[str, ...]] = ("sale", "taxed", "tags", "attachments", "unlinked", "credits", "refunds", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One capability on one platform: what is known, what was seen in the books, and whether the two agree."""

    row: Row
    platform: str
    state: State
    seen: bool
    proven: bool
    source: str

    @property
    def text(self) -> str:
        """For the table."""
        if not self.proven:
            return "**not as the table says**"
        match self.state:
            case "works":
                return "works"
            case "none":
                return "none"
            case "unknown":
                return "?, tried" if self.row.tried else "?, not sent"


def cell(row: Row, software: Platform, books: Report) -> Cell:
    """What is known of it against what is in the books."""
    entry = None if row.feature is None else software.entries[row.feature]
    state: State = "works" if entry is None else entry.known
    expected = state == "works" or (state == "unknown" and row.tried)
    seen = row.seen(books)
    return Cell(
        row=row,
        platform=software.name,
        state=state,
        seen=seen,
        proven=seen == expected,
        source="" if entry is None else entry.source,
    )


def _merchant(name: str) -> Merchant:
    """Money goes back as a customer refund wherever the platform has them."""
    policy: Literal["credit_memo", "customer_refund"] = (
        "customer_refund" if WAYS[name].customer_refunds == "works" else "credit_memo"
    )
    return replace(merchant(name), refund=policy)


async def prove(name: str, rows: Iterable[Row] = ROWS) -> tuple[Result, tuple[Cell, ...]]:
    """Play the platform's small month, and look."""
    with serving_files() as host:
        month = generate(11, _merchant(name), 50, only=SHOWN, files_at=f"http://{host}")
        result = await play(month, lambda _: None, closing=False, files_host=host)
    return result, tuple(cell(row, platform(name), result.books) for row in rows)
