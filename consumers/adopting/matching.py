"""Matching claims with documents of one kind, by stated rules.

Sure, where no other claim and no other document fits as well:
1. the number, the total and the currency are the same;
2. the customer (or the invoice that is paid), the total and the currency are the same, and the dates at most a day
   apart. A document that bears another claim's number is not taken this way.

Doubtful, and left to a person: what fits a rule, but not one to one; the number with another total; the customer or the
invoice with the same total and dates within a month; total and date within a day where nobody says whose it is; the
invoice with another total.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from consumers.adopting.sides import Claim, Document, Matches, Pair

A_DAY: Final = timedelta(days=1)
A_MONTH: Final = timedelta(days=31)
SHOWN: Final = 5
"""Documents that are shown for one claim, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a claim and a document compare. `same_person` None: one of them does not say whose it is."""

    number: bool
    total: bool
    same_person: bool | None
    invoice: bool
    apart: timedelta | None

    @property
    def by_number(self) -> bool:
        """The first rule."""
        return self.number and self.total

    @property
    def by_person(self) -> bool:
        """The second rule."""
        return self.total and self.whose and self.within(A_DAY)

    @property
    def whose(self) -> bool:
        """Whether the customer is the same, or the invoice."""
        return self.invoice or self.same_person is True

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at them."""
        nearly = self.total and (
            (self.whose and self.within(A_MONTH)) or (self.same_person is None and self.within(A_DAY))
        )
        return self.number or nearly or self.invoice

    @property
    def points(self) -> int:
        """How likely they are the same: to sort by, and never to decide by."""
        near = 2 if self.within(A_DAY) else 1 if self.within(A_MONTH) else 0
        return 4 * self.number + 3 * self.total + 3 * self.invoice + 2 * (self.same_person is True) + near

    def within(self, most: timedelta) -> bool:
        """Whether the dates are at most so far apart."""
        return self.apart is not None and self.apart <= most


def compare(claim: Claim, document: Document) -> Fit:
    """Field by field."""
    told = bool(claim.people and document.people)
    return Fit(
        number=document.number is not None and document.number in claim.numbers,
        total=document.total == claim.total,
        same_person=bool(claim.people & document.people) if told else None,
        invoice=any(one.invoice_id in claim.invoices for one in document.settles),
        apart=min((abs(at - claim.date) for at in document.dates), default=None),
    )


def match(
    claims: Collection[Claim],
    documents: Collection[Document],
    dismissed: Collection[tuple[str, str, str]] = frozenset(),
) -> Matches:
    """The matches among claims and documents of one kind. `dismissed`: (namespace, key, Rutter's id) of pairs that a
    person said are two."""
    pairs = [pair for pair in _candidates(claims, documents) if _named(pair) not in frozenset(dismissed)]
    first = _one_to_one(pairs, lambda pair: pair.fit.by_number)
    rest = _left(pairs, first)
    numbered = {number: claim for claim in claims for number in claim.numbers}
    second = _one_to_one(rest, lambda pair: pair.fit.by_person and not _belongs_elsewhere(pair, numbered))
    return Matches(sure=tuple(_pair(one) for one in (*first, *second)), doubtful=_doubtful(_left(rest, second), claims))


@dataclass(frozen=True, slots=True)
class _Candidate:
    claim: Claim
    document: Document
    fit: Fit


def _candidates(claims: Collection[Claim], documents: Collection[Document]) -> list[_Candidate]:
    """Pairs that share a number, a total or an invoice: nothing else can fit, and all pairs would be too many."""
    found: dict[tuple[str, str], _Candidate] = {}
    by: defaultdict[object, list[Document]] = defaultdict(list)
    for document in documents:
        by[document.total].append(document)
        by["number", document.number].append(document)
        for one in document.settles:
            by["invoice", one.invoice_id].append(document)
    for claim in claims:
        shared: list[object] = [claim.total, *(("number", number) for number in claim.numbers)]
        shared.extend(("invoice", invoice) for invoice in claim.invoices)
        for what in shared:
            for document in by.get(what, ()):
                fit = compare(claim, document)
                if fit.doubtful or fit.by_person:
                    found[f"{claim.namespace}\x1f{claim.key}", document.rutter_id] = _Candidate(claim, document, fit)
    return list(found.values())


def _one_to_one(pairs: Iterable[_Candidate], fits: Callable[[_Candidate], bool]) -> list[_Candidate]:
    """Those that fit, and whose claim and document fit no other."""
    fitting = [pair for pair in pairs if fits(pair)]
    of_claim: defaultdict[tuple[str, str], int] = defaultdict(int)
    of_document: defaultdict[str, int] = defaultdict(int)
    for pair in fitting:
        of_claim[pair.claim.namespace, pair.claim.key] += 1
        of_document[pair.document.rutter_id] += 1
    return [
        pair
        for pair in fitting
        if of_claim[pair.claim.namespace, pair.claim.key] == 1 and of_document[pair.document.rutter_id] == 1
    ]


def _left(pairs: Iterable[_Candidate], taken: Iterable[_Candidate]) -> list[_Candidate]:
    """Without the claims and documents that are taken."""
    sides = [(pair.claim.namespace, pair.claim.key, pair.document.rutter_id) for pair in taken]
    claims, documents = {side[:2] for side in sides}, {side[2] for side in sides}
    return [
        pair
        for pair in pairs
        if (pair.claim.namespace, pair.claim.key) not in claims and pair.document.rutter_id not in documents
    ]


def _belongs_elsewhere(pair: _Candidate, numbered: dict[str, Claim]) -> bool:
    other = numbered.get(pair.document.number or "")
    return other is not None and other != pair.claim and not pair.fit.number


def _doubtful(pairs: Iterable[_Candidate], claims: Collection[Claim]) -> tuple[Pair, ...]:
    by_claim: defaultdict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for pair in pairs:
        by_claim[pair.claim.namespace, pair.claim.key].append(pair)
    found: list[Pair] = []
    for claim in claims:
        likeliest = sorted(
            by_claim.get((claim.namespace, claim.key), ()), key=lambda one: (-one.fit.points, one.document.rutter_id)
        )
        found.extend(_pair(one, doubt=_doubt(one)) for one in likeliest[:SHOWN])
    return tuple(found)


def _doubt(pair: _Candidate) -> str:
    """What keeps a pair from being sure."""
    fit = pair.fit
    if fit.by_number or fit.by_person:
        return "but another fits as well"
    if not fit.total:
        return f"but the total is {pair.document.total}, not {pair.claim.total}"
    if fit.same_person is False and not fit.invoice:
        return "but the customer is another"
    if not fit.whose:
        return "but nothing says whose it is"
    return "but the dates are more than a day apart"


def _pair(pair: _Candidate, doubt: str | None = None) -> Pair:
    return Pair(claim=pair.claim, document=pair.document, why=(*_same(pair), *((doubt,) if doubt else ())))


def _same(pair: _Candidate) -> tuple[str, ...]:
    fit = pair.fit
    days = None if fit.apart is None else fit.apart.days
    said = {
        f"number {pair.document.number}": fit.number,
        f"total {pair.claim.total}": fit.total,
        "the same customer": fit.same_person is True,
        "it settles the same invoice": fit.invoice,
        "the same day": days == 0,
        "a day apart": days == 1,
        f"{days} days apart": days is not None and days > 1,
    }
    return tuple(words for words, true in said.items() if true)


def _named(pair: _Candidate) -> tuple[str, str, str]:
    return pair.claim.namespace, pair.claim.key, pair.document.rutter_id
