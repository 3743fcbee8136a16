"""Tax as platforms compute it, on lines that were read already.

Rounding is half up: each line to its currency's decimals, or the sum once, as the switch `tax_rounding` says.
"""

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from sandbox.documents.lines import Line
from sandbox.exact import ZERO, Json, decimal, rounded
from sandbox.platforms.registry import rules_of
from sandbox.references import active, exact_amount
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the document says of tax besides its lines. `by_line`: lines are taxed by their own rate."""

    by_line: bool
    automatic: bool = False
    rate_id: str | None = None
    amount: Decimal | None = None
    discount: Decimal = ZERO
    inclusive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """The lines with their tax, and the tax of the document: a header's amount is on no line where it overrides."""

    lines: list[Line]
    tax: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A line's tax before rounding; `rated` whether a rate was found for it."""

    line: Line
    exact: Decimal
    rated: bool


def invoice_header(writing: Writing, extra: Json, discount: Decimal) -> Header:
    """What an invoice's header says of tax, in a company of this platform."""
    company, rules = writing.company, rules_of(writing.company.platform)
    amount = extra.get("tax_amount")
    return Header(
        by_line=rules.line_tax == "always" or (rules.line_tax == "vat" and company.options.vat),
        automatic=rules.automatic_tax,
        rate_id=extra.get("tax_rate_id"),
        amount=None if amount is None else decimal(amount),
        discount=discount,
    )


def taxed(writing: Writing, lines: list[Line], header: Header, currency: str) -> Taxed | Refusal:
    """The document's tax, or why the platform will not compute it."""
    spreads = rules_of(writing.company.platform).header_tax == "spreads"
    refused = exact_amount(writing, header.amount, currency) if header.amount is not None else None
    if refused:
        return refused
    if header.amount is not None and not spreads:
        return Taxed(lines=lines, tax=header.amount)
    dues: list[_Due] = []
    factor = _factor(writing, lines, header)
    for line in lines:
        due = _due(writing, line, header, factor)
        if isinstance(due, Refusal):
            return due
        dues.append(due)
    if header.amount is not None:
        return _spread(writing, dues, header.amount, currency)
    if header.inclusive:
        return _inclusive(dues, currency)
    return _rounded(dues, currency, at_header=writing.switches.tax_rounding == "header")


def _factor(writing: Writing, lines: list[Line], header: Header) -> tuple[Decimal, Decimal]:
    """What of each line is taxed once the header's discount is off, as (part, whole)."""
    net = sum((line.net for line in lines), ZERO)
    if not header.discount or not net or writing.switches.header_discount == "after_tax":
        return Decimal(1), Decimal(1)
    return net - header.discount, net


def _due(writing: Writing, line: Line, header: Header, factor: tuple[Decimal, Decimal]) -> _Due | Refusal:
    rate = _rate(writing, line, header)
    if isinstance(rate, Refusal):
        return rate
    if rate is None:
        return _Due(line=line, exact=line.tax_override or ZERO, rated=line.tax_override is not None)
    percent = decimal(rate["effective_tax_rate"])
    named = line if header.rate_id else replace(line, tax_rate_id=rate["id"])
    if line.tax_override is not None:
        return _Due(line=named, exact=line.tax_override, rated=True)
    part, whole = factor
    with localcontext(prec=60):
        base = line.net * part / whole
        exact = base * percent / (100 + percent) if header.inclusive else base * percent / 100
    return _Due(line=named, exact=exact, rated=True)


def _rate(writing: Writing, line: Line, header: Header) -> Json | Refusal | None:
    """The tax rate that a line falls under."""
    company = writing.company
    if header.by_line and line.tax_rate_id:
        return active(company, "tax_rates", line.tax_rate_id)
    if header.rate_id:
        unstated = writing.switches.unstated_sales_taxable == "yes" or not rules_of(company.platform).sales_taxable
        taxable = unstated if line.taxable is None else line.taxable
        return active(company, "tax_rates", header.rate_id) if taxable else None
    if header.automatic and company.options.default_tax is not None:
        asked = company.options.default_tax
        return company.shelves["tax_rates"].first(
            lambda body: body["status"] == "active" and asked in (body["id"], body["name"])
        )
    return None


def _rounded(dues: list[_Due], currency: str, *, at_header: bool) -> Taxed:
    lines = [replace(due.line, tax=rounded(due.exact, currency)) for due in dues]
    tax = sum((line.tax for line in lines), ZERO)
    if at_header:
        whole = rounded(sum((due.exact for due in dues), ZERO), currency)
        lines = _with_rest(lines, [due.rated for due in dues], whole - tax)
        tax = whole
    return Taxed(lines=lines, tax=tax)


def _with_rest(lines: list[Line], rated: list[bool], rest: Decimal) -> list[Line]:
    """The last line that is taxed takes what rounding left over."""
    last = max((place for place, one in enumerate(rated) if one), default=None)
    return [replace(line, tax=line.tax + rest) if place == last else line for place, line in enumerate(lines)]


def _inclusive(dues: list[_Due], currency: str) -> Taxed:
    """Lines whose totals have the tax in them: it is taken out of each."""
    lines = []
    for due in dues:
        tax = rounded(due.exact, currency)
        lines.append(replace(due.line, net=due.line.net - tax, tax=tax))
    return Taxed(lines=lines, tax=sum((line.tax for line in lines), ZERO))


def _spread(writing: Writing, dues: list[_Due], amount: Decimal, currency: str) -> Taxed | Refusal:
    """A header's amount over the lines that are taxed, in proportion to their taxes (Rutter: Create an invoice)."""
    if not any(due.rated for due in dues):
        message = "A tax amount needs at least one line with a tax"
        return by_platform(writing.company.platform, "tax_without_line", message)
    weights = [due.exact if due.rated else ZERO for due in dues]
    if not sum(weights, ZERO):
        weights = [due.line.net if due.rated else ZERO for due in dues]
    whole = sum(weights, ZERO)
    shares = [rounded(amount * weight / whole, currency) if whole else ZERO for weight in weights]
    lines = [replace(due.line, tax=share) for due, share in zip(dues, shares, strict=True)]
    rest = amount - sum(shares, ZERO)
    return Taxed(lines=_with_rest(lines, [due.rated for due in dues], rest), tax=amount)
