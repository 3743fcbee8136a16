"""Whether tax rates of the books, on the lines, come to the tax that the source told."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from consumers.planning import wording
from consumers.planning.amounts import seller_taxes, tax_total
from consumers.planning.exact import half_up, rate_of
from consumers.planning.lines import LineTax
from consumers.planning.questions import Question, answers, ask_named
from consumers.planning.rules import Facts, fits, same_text
from schemas.books import Books, Entry
from schemas.connections import Connection
from schemas.facts import Order, Tax
from schemas.mapping import Named, Role, TaxRule
from schemas.money import major_units
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_ZERO: Final = Fraction(0)
_ROUNDED: Final = 1
"""Minor units by which a source's own rounding of one line may differ from a rate, where the amount is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The rates of an order's lines (in their order) and shipping; `untaxed`: of all that has no tax, where rates are
    mapped for that. Not `exact`: `misses` says where the platform would come to another amount."""

    lines: tuple[LineTax | None, ...]
    shipping: LineTax | None
    untaxed: LineTax | None
    why: tuple[str, ...]
    misses: str | None = None

    @property
    def exact(self) -> bool:
        """Whether the platform comes to the source's tax by itself."""
        return self.misses is None


def rates_wanted(connection: Connection) -> bool:
    """Whether rates are tried: asked for, or mapped and nothing else asked for."""
    mapping = connection.mapping
    return mapping.tax == "rates" or (mapping.tax is None and bool(mapping.tax_rates))


def ask_rates(order: Order, facts: Facts, connection: Connection) -> Iterator[Question]:
    """The mapped rates of its taxes, and that of what has none."""
    if not platform(connection.platform).has(Feature.LINE_TAX_RATE):
        return
    rules = connection.mapping.tax_rates
    rows = [(line.taxes, replace(facts, sku=line.sku)) for line in order.lines]
    rows.append((order.shipping.taxes, facts))
    used = [_rule(tax, rules, of) for taxes, of in rows for tax in seller_taxes(taxes)]
    for named in dict.fromkeys(rule.use for rule in [*used, _zero_rule(rules, facts)] if rule is not None):
        yield ask_named("tax_rate", named)


def reproduced(
    order: Order, facts: Facts, books: Books, *, in_header: Collection[Role], by: Feature = Feature.LINE_TAX_RATE
) -> Rated | Park | str:
    """The rates; or a park where a mapped one is not in the books; or why rates cannot be put on the lines at all.

    `by`: what lets the lines of the document have rates.
    """
    software = platform(books.connection.platform)
    if not software.has(by):
        return software.why(by)
    stated = by is Feature.LINE_TAX_RATE and software.has(Feature.LINE_TAX_AMOUNT)
    reading = _Reading(books, facts, stated=stated)
    rows = [_Row(line.description, line.sku, line.total, seller_taxes(line.taxes)) for line in order.lines]
    rows.append(_Row("shipping", None, order.shipping.total, seller_taxes(order.shipping.taxes)))
    found: list[LineTax | None] = []
    misses: list[str] = []
    for row in rows:
        one = reading.rate(row, order.currency)
        if isinstance(one, Park | str):
            return one
        tax, missed = one
        found.append(tax)
        misses += [missed] if missed else []
    untaxed = reading.untaxed()
    if isinstance(untaxed, Park):
        return untaxed
    if "discount" in in_header and any(tax is not None and tax.minor for tax in found):
        misses.append("the platform takes them of what the header's discount leaves")
    if "shipping" in in_header and found[-1] is not None and found[-1].minor:
        misses.append("shipping in the header has none")
    return Rated(
        lines=tuple(tax or untaxed for tax in found[:-1]),
        shipping=found[-1] or untaxed,
        untaxed=untaxed,
        why=tuple(dict.fromkeys(reading.why)),
        misses=wording.listed(misses, 2) if misses else None,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """What has taxes."""

    what: str
    sku: str | None
    minor: int
    taxes: tuple[Tax, ...]


class _Reading:
    """Rates looked up once each for one order."""

    def __init__(self, books: Books, facts: Facts, *, stated: bool) -> None:
        self._books = books
        self._facts = facts
        self._rules = books.connection.mapping.tax_rates
        self._stated = stated
        self.why: list[str] = []

    def rate(self, row: _Row, currency: str) -> tuple[LineTax | None, str | None] | Park | str:
        """The rate of one line, and what of it misses; None where the line has no tax."""
        taxes, facts = row.taxes, replace(self._facts, sku=row.sku)
        named: dict[Named, None] = {}
        for tax in taxes:
            rule = _rule(tax, self._rules, facts)
            if rule is not None:
                named[rule.use] = None
            elif tax.amount:
                return f"none is mapped for {_spoken(tax)}"
        if not named:
            return None, None
        if len(named) > 1:
            return f"{row.what[:60]} has {wording.listed(map(str, named))} at once"
        use = next(iter(named))
        entry = self._entry(use, _spoken(taxes[0]))
        if isinstance(entry, Park):
            return entry
        self.why.append(f"{', '.join(dict.fromkeys(map(_spoken, taxes)))}: mapped to tax rate {use}")
        return self._taxed(row, entry, currency)

    def untaxed(self) -> LineTax | Park | None:
        """The rate of what has no tax, where one is mapped: platforms may have a default that is not zero."""
        rule = _zero_rule(self._rules, self._facts)
        if rule is None:
            return None
        entry = self._entry(rule.use, "what has no tax")
        if isinstance(entry, Park):
            return entry
        if entry.rate is not None and rate_of(entry.rate) != _ZERO:
            return None
        self.why.append(f"what has no tax: mapped to tax rate {rule.use}")
        return LineTax(rate=entry.id)

    def _taxed(self, row: _Row, entry: Entry, currency: str) -> tuple[LineTax, str | None]:
        percent, told = rate_of(entry.rate), tax_total(row.taxes)
        computed = None if percent is None else half_up(percent * row.minor / 100)
        if self._stated and told >= 0 and _same_tax(row.taxes, percent, told, computed):
            return LineTax(rate=entry.id, minor=told, stated=True), None
        tax = LineTax(rate=entry.id, minor=told)
        if computed == told:
            return tax, None
        if computed is None:
            return tax, f"how many per cent {entry.name or entry.id} is, is not known"
        base, comes_to = major_units(row.minor, currency), major_units(computed, currency)
        return tax, f"{entry.rate} % of {base} ({row.what[:60]}) is {comes_to}, not {major_units(told, currency)}"

    def _entry(self, named: Named, what: str) -> Entry | Park:
        found = answers("tax_rate", named, self._books)
        if len(found) == 1:
            return found[0]
        return Park(
            cause=Cause.UNMAPPED_TAX,
            subject=f"tax rate {named}",
            detail=f"{what} is mapped to tax rate {named}, and the books have "
            + (f"{len(found)} of that name" if found else "no such tax rate in use"),
            cure="name it by its id in the mapping, or make it in the books; then release",
        )


def _same_tax(taxes: Iterable[Tax], percent: Fraction | None, told: int, computed: int | None) -> bool:
    """Whether a stated amount is of that rate: but for rounding, or of the same per cent of something less."""
    if percent is None or computed is None or abs(told - computed) <= _ROUNDED:
        return True
    rates = [rate_of(tax.rate) for tax in taxes]
    return None not in rates and sum((rate for rate in rates if rate is not None), _ZERO) * 100 == percent


def _rule(tax: Tax, rules: tuple[TaxRule, ...], facts: Facts) -> TaxRule | None:
    return next((rule for rule in rules if _for(rule, tax) and fits(rule.when, facts)), None)


def _for(rule: TaxRule, tax: Tax) -> bool:
    if rule.code is not None and not same_text(rule.code, tax.code):
        return False
    return rule.rate is None or (tax.rate is not None and rate_of(rule.rate) == rate_of(tax.rate))


def _zero_rule(rules: tuple[TaxRule, ...], facts: Facts) -> TaxRule | None:
    return next(
        (
            rule
            for rule in rules
            if rule.rate is not None and rule.code is None and rate_of(rule.rate) == _ZERO and fits(rule.when, facts)
        ),
        None,
    )


def _spoken(tax: Tax) -> str:
    return f"tax {tax.code or 'of no name'}" + (f" at {tax.rate}" if tax.rate else "")
