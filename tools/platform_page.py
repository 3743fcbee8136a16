"""docs/platforms.md: the capability table as a page that an accountant can read and a developer can check."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from schemas.platforms.capability import Feature, Platform
from schemas.platforms.cautious import CAUTIOUS
from schemas.platforms.registry import PLATFORMS

MARKS: Final = {"works": "✓", "none": "\N{EN DASH}", "unknown": "?"}
GROUPS: Final[Mapping[str, tuple[Feature, Feature]]] = {
    "Documents": (Feature.CREATE_ACCOUNTS, Feature.VOID_INVOICES),
    "Customers": (Feature.CUSTOMER_CURRENCY, Feature.CUSTOMER_ADDRESS),
    "Invoices": (Feature.INVOICE_NUMBER, Feature.LINE_PRODUCT),
    "Payments": (Feature.PREPAYMENTS, Feature.FEES),
    "Credit memos": (Feature.CREDIT_NUMBER, Feature.CREDIT_TAX_RATE),
    "Looking, and what to beware of": (Feature.EXACT_FILTERS, Feature.VOID_READS_PAID),
}
"""Heading -> the first and the last feature under it, as they stand in `Feature`."""
_SHORT: Final = {
    "QUICKBOOKS": "QB Online",
    "QUICKBOOKS_DESKTOP": "QB Desktop",
    "SAGE_INTACCT": "Intacct",
    "SAGE_INTACCT_V2": "Intacct v2",
    "DYNAMICS365": "Business Central",
    "ZOHOBOOKS": "Zoho",
    "": "any other",
}
_MARK_WORDS: Final = {
    "document_number": "number",
    "parent": "credit memo",
    "description": "line description",
}
_HEAD: Final = """\
# Platforms

Written by `make docs` from `schemas/platforms/`; do not edit.

What each accounting platform can be told through Rutter's unified API, and where that is known from. Planning decides
by this very table.

| mark | means | and so |
|:---:|---|---|
| ✓ | it works, or it is so | it is used |
| \N{EN DASH} | the platform has none | it is done another way, or parks and says so |
| ? | nobody says | **documents** are tried once, and a refusal before acceptance parks their kind under one cause; \
**fields** are not sent; of **peculiarities** the more careful is assumed; **bounds** are the strictest known of all |

Rutter marks most fields with the platforms that take them. What it does with such a field elsewhere, refuse or ignore
it, is not stated; so a platform that is not named for a field counts as having none.

A connection to a platform that is not listed here works by the last column.

## At a glance
"""
_BOUNDS: Final = """\
## Bounds

Lengths that a platform does not publish are the strictest known of all, which are QuickBooks Desktop's. Calls are those
that the platform itself allows for one company; a number longer than its platform takes becomes a hash of that length.
"""
_RECOGNITION: Final = """\
## How a document of ours is recognised

When an answer was lost, the document is looked for before anything is sent again. All of these must agree. Where an
invoice keeps no mark of ours, two equal sales to one customer on one day cannot be told apart: then a person is asked.
"""
_ALIKE: Final = """\
Customers and items are recognised by name, credit applications by their credit memo and amount, customer refunds by the
description of a line, customer and date: everywhere.
"""


def platform_page() -> str:
    """The page."""
    listed = (*PLATFORMS.values(), CAUTIOUS)
    parts = (
        _HEAD,
        _glance(listed),
        _BOUNDS,
        _bounds(listed),
        _RECOGNITION,
        _recognised(listed),
        _ALIKE,
        *(_section(one) for one in listed),
    )
    return "\n".join(parts)


def features_of(group: str) -> tuple[Feature, ...]:
    """The features under a heading."""
    first, last = GROUPS[group]
    every = tuple(Feature)
    return every[every.index(first) : every.index(last) + 1]


def _glance(listed: Sequence[Platform]) -> str:
    rows: list[Sequence[str]] = []
    for group in GROUPS:
        rows.append([f"**{group}**", *("" for _ in listed)])
        rows += [
            [feature.value, *(MARKS[one.entries[feature].known] for one in listed)] for feature in features_of(group)
        ]
    return _table(["", *map(_link, listed)], rows, centred=True)


def _bounds(listed: Sequence[Platform]) -> str:
    rows = [
        [
            _link(one),
            _length(one.number_length, one, Feature.INVOICE_NUMBER, Feature.CREDIT_NUMBER),
            _length(one.reference_length, one, Feature.PAYMENT_REFERENCE),
            _number(one.name_length),
            _number(one.quota.per_minute),
            _number(one.quota.per_day),
        ]
        for one in listed
    ]
    return _table(
        [
            "",
            "characters of a document number",
            "of a payment reference",
            "of a customer's name",
            "calls a minute",
            "calls a day",
        ],
        rows,
        centred=True,
    )


def _recognised(listed: Sequence[Platform]) -> str:
    kinds = ("invoice", "invoice_payment", "invoice_credit_memo")
    rows = [[_link(one), *(_words(one.identified_by[kind]) for kind in kinds)] for one in listed]
    return _table(["", "invoice", "invoice payment", "credit memo"], rows)


def _section(one: Platform) -> str:
    sources = list(dict.fromkeys((*(one.entries[feature].source for feature in Feature), one.quota.source)))
    number = {source: str(at) for at, source in enumerate(sources, 1)}
    together: dict[tuple[str, str], list[str]] = {}
    for feature in Feature:
        entry = one.entries[feature]
        named = f"{feature.value}<sup>{number[entry.source]}</sup>"
        together.setdefault((MARKS[entry.known], entry.note), []).append(named)
    order = "".join(MARKS.values())
    rows = [
        [mark, ", ".join(features), note]
        for (mark, note), features in sorted(together.items(), key=lambda item: order.index(item[0][0]))
    ]
    listing = "\n".join(f"{number[source]}. {source}" for source in sources)
    return (
        f"## {one.title}\n\n{_called(one)} {_quota(one)}<sup>{number[one.quota.source]}</sup>\n\n"
        f"{_table(['', 'what', 'to know'], rows, padded=False)}\nSources:\n\n{listing}\n"
    )


def _called(one: Platform) -> str:
    if not one.name:
        return "Whatever Rutter connects to and this table does not list."
    return f"`{one.name}` to Rutter, `{one.link_name}` to Rutter Link."


def _quota(one: Platform) -> str:
    told = [
        f"{_number(bound)} calls a {span}"
        for bound, span in ((one.quota.per_minute, "minute"), (one.quota.per_day, "day"))
        if bound is not None
    ]
    return f"At most {' and '.join(told)}." if told else "No bound on calls a minute or a day is known."


def _length(characters: int, one: Platform, *features: Feature) -> str:
    return str(characters) if any(one.may(feature) for feature in features) else MARKS["none"]


def _number(bound: int | None) -> str:
    return "?" if bound is None else f"{bound:,}"


def _words(fields: Iterable[str]) -> str:
    return ", ".join(_MARK_WORDS.get(field, field) for field in fields)


def _link(one: Platform) -> str:
    anchor = "".join(letter for letter in one.title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
    return f"[{_SHORT.get(one.name, one.title)}](#{anchor})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, centred: bool = False, padded: bool = True) -> str:
    """A table whose first column is left-aligned; padded so that the text of the page is a table, too."""
    widths = [max(len(row[at]) for row in (head, *rows)) if padded else 0 for at in range(len(head))]
    rule = ["-" * max(3, widths[0]), *(_rule(width, centred=centred) for width in widths[1:])]
    return "\n".join(_row(cells, widths) for cells in (head, rule, *rows)) + "\n"


def _rule(width: int, *, centred: bool) -> str:
    return f":{'-' * max(1, width - 2)}:" if centred else "-" * max(3, width)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
