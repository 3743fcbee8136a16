"""The auditor: the books against the day, document by document and in sum."""

from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from typing import Final

from sandbox.day.day import Day
from sandbox.day.documents import (
    CreditApplication,
    CreditMemo,
    CustomerRefund,
    Document,
    Documents,
    Invoice,
    InvoicePayment,
    LinkedAmount,
)
from sandbox.day.tie_out import TieOut, tie_out

KINDS: Final[dict[type[Document], str]] = {
    Invoice: "invoices",
    InvoicePayment: "invoice_payments",
    CreditMemo: "credit_memos",
    CreditApplication: "credit_applications",
    CustomerRefund: "customer_refunds",
}


@dataclass(frozen=True)
class Name:
    """Which document: its kind, its connection's alias and its marker."""

    kind: str
    connection: str
    marker: str


@dataclass(frozen=True)
class Doubled:
    """A document that is in the books more than once."""

    name: Name
    times: int


@dataclass(frozen=True)
class Difference:
    """One field of one document that is not as it should be; both values as text, amounts in minor units."""

    name: Name
    field: str
    expected: str
    found: str


@dataclass(frozen=True)
class Audit:
    """What the auditor found. `matched` counts, by kind, the documents that are there once and right."""

    missing: tuple[Name, ...]
    doubled: tuple[Doubled, ...]
    different: tuple[Difference, ...]
    unexpected: tuple[Name, ...]
    matched: dict[str, int]
    tie_out: tuple[TieOut, ...]

    @property
    def is_clean(self) -> bool:
        """Nothing missing, doubled, different or unexpected, and every sum ties."""
        found = self.missing or self.doubled or self.different or self.unexpected
        return not found and all(one.ties for one in self.tie_out)


def audit(day: Day, books: Documents) -> Audit:
    """Compare the books of all the day's connections with what the day must leave in them."""
    wanted = _by_name(day.expected)
    found = _by_name(books)
    different: list[Difference] = []
    matched: Counter[str] = Counter(dict.fromkeys(KINDS.values(), 0))
    for name, (expected, *_) in wanted.items():
        copies = found.get(name, [])
        wrong = [one for copy in copies for one in _differences(name, expected, copy)]
        different += wrong
        matched[name.kind] += len(copies) == 1 and not wrong
    return Audit(
        missing=tuple(name for name in wanted if name not in found),
        doubled=tuple(Doubled(name, len(copies)) for name, copies in found.items() if len(copies) > 1),
        different=tuple(different),
        unexpected=tuple(name for name in found if name not in wanted),
        matched=dict(matched),
        tie_out=tie_out(day.facts, books),
    )


def _by_name(documents: Documents) -> dict[Name, list[Document]]:
    named: defaultdict[Name, list[Document]] = defaultdict(list)
    for one in documents.all():
        named[Name(KINDS[type(one)], one.connection, one.marker)].append(one)
    return dict(named)


def _differences(name: Name, expected: Document, found: Document) -> list[Difference]:
    return [
        Difference(name, field.name, _shown(wanted), _shown(got))
        for field in fields(expected)
        if (wanted := _comparable(getattr(expected, field.name))) != (got := _comparable(getattr(found, field.name)))
    ]


def _comparable(value: object) -> object:
    """Links compare whatever their order; everything else as it is."""
    if isinstance(value, tuple) and any(isinstance(one, LinkedAmount) for one in value):
        return tuple(sorted(value, key=lambda link: (link.invoice, link.amount)))
    return value


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(one) for one in value) or "nothing"
    if isinstance(value, LinkedAmount):
        return f"{value.invoice}: {value.amount}"
    return str(value)
