"""The questions asked of a platform, as one record. A file beside this one answers them for each platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Answer = Literal["has", "absent", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One platform.

    `endpoints`: for each object the verbs it has (R list and get, C create, U patch, D delete), and after a question
    mark those of which nothing is known; any other verb it has not (Rutter: support by endpoint). Of an object not
    named `untold` is said.
    `takes`: for each object the request fields it takes of those that only some platforms take, dotted, `[]` for lists.
    `line_tax`: whether an invoice's lines are taxed by their own rate; "vat" only in a company with VAT.
    `automatic_tax`: a line that names no rate gets the company's default (Zoho Books).
    `header_tax`: what a tax amount on the header does to the lines' taxes.
    `sales_taxable`: lines say whether the header's rate is for them.
    `line_account`: a line's own account goes before its item's.
    `discount_lines`: a line's discount is booked on an account of its own, instead of taken off the income.
    `number_length`: characters of a document number, None where we know of no limit.
    `reference_length`: characters of a payment's reference, likewise.
    `numbers_itself`: gives a number to an invoice that comes without one.
    `voids`: invoices can be voided; `void_reads_back` is the status such an invoice shows.
    `closed_text`: what it says of a date in a closed period; `{date}` is the last closed day.
    `events`: the deletions `GET /events` tells; None tells all.
    """

    endpoints: Mapping[str, str]
    takes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    untold: Answer = "absent"
    line_tax: Literal["never", "vat", "always"] = "never"
    automatic_tax: bool = False
    header_tax: Literal["overrides", "spreads"] = "overrides"
    sales_taxable: bool = False
    line_account: bool = False
    discount_lines: bool = False
    number_length: int | None = None
    reference_length: int | None = None
    numbers_itself: bool = True
    voids: bool = False
    void_reads_back: Literal["void", "paid"] = "void"
    prepayments: bool = False
    reason_to_edit_paid: bool = False
    customer_one_currency: bool = True
    named_filters: bool = True
    bank_account_number: bool = False
    customer_needs: tuple[str, ...] = ()
    links_by_comment: bool = False
    ledger_invoices: bool = False
    contact_addresses: bool = False
    closed_text: str = "The books are closed up to {date}"
    events: frozenset[str] | None = frozenset()

    def endpoint(self, plural: str, verb: str) -> Answer:
        """Whether the platform has one verb (R, C, U or D) of one object."""
        told = self.endpoints.get(plural)
        if told is None:
            return self.untold
        known, _, unknown = told.partition("?")
        if verb in known:
            return "has"
        return "unknown" if verb in unknown else "absent"


def fields(*names: str) -> frozenset[str]:
    """Request fields taken, each argument a list of names with spaces between."""
    return frozenset(name for one in names for name in one.split())


def under(prefix: str, names: str) -> str:
    """The same names below a prefix: `under("additional_fields.", "memo po_number")`."""
    return " ".join(f"{prefix}{name}" for name in names.split())
