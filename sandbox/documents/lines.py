"""The lines that invoices, credit memos and customer refunds share: read, checked, taxed and turned into postings."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.books import Posting, credit, debit
from sandbox.exact import ZERO, Json, decimal, plain, rounded
from sandbox.references import active, exact_amount
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, in major units. `net` is before tax."""

    number: str
    description: str | None
    item_id: str | None
    account_id: str
    class_id: str | None
    tax_rate_id: str | None
    quantity: Decimal
    unit_amount: Decimal
    net: Decimal
    tax: Decimal


def read_lines(writing: Writing, asked: list[Json], currency: str, header_tax: Decimal | None) -> list[Line] | Refusal:
    """The lines of a request. A header tax overrides what the lines' tax rates would say (Rutter: Create invoice)."""
    lines: list[Line] = []
    for number, fields in enumerate(asked, start=1):
        line = _read_line(writing, fields, str(number), currency, taxed=header_tax is None)
        if isinstance(line, Refusal):
            return line
        lines.append(line)
    return lines


def _read_line(writing: Writing, fields: Json, number: str, currency: str, *, taxed: bool) -> Line | Refusal:
    item_fields: Json = fields.get("item") or {}
    extra: Json = fields.get("additional_fields") or {}
    account = _account(writing, fields, item_fields)
    if isinstance(account, Refusal):
        return account
    net = _net(writing, fields, item_fields, currency)
    if isinstance(net, Refusal):
        return net
    rate_id = fields.get("tax_rate_id") or extra.get("tax_rate_id")
    tax = _tax(writing, rate_id, extra, net, currency) if taxed else ZERO
    if isinstance(tax, Refusal):
        return tax
    quantity = decimal(item_fields.get("quantity") if item_fields.get("quantity") is not None else 1)
    unit = item_fields.get("unit_amount")
    return Line(
        number=number,
        description=fields.get("description"),
        item_id=item_fields.get("id"),
        account_id=account,
        class_id=fields.get("class_id"),
        tax_rate_id=rate_id,
        quantity=quantity,
        unit_amount=decimal(unit) if unit is not None else (net / quantity if quantity else net),
        net=net,
        tax=tax,
    )


def _account(writing: Writing, fields: Json, item_fields: Json) -> str | Refusal:
    """The line's own account where it names one and no item; else the item's (which decides, but on Xero)."""
    company = writing.company
    if item_fields.get("id"):
        item = active(company, "items", item_fields["id"])
        if isinstance(item, Refusal):
            return item
    account_id = fields.get("account_id")
    if account_id:
        account = active(company, "accounts", account_id)
        if isinstance(account, Refusal):
            return account
        if not item_fields.get("id") or company.platform in ("XERO", "SAGE_INTACCT", "SAGE_INTACCT_V2"):
            return str(account_id)
    return company.income_account(item_fields.get("id"))


def _net(writing: Writing, fields: Json, item_fields: Json, currency: str) -> Decimal | Refusal:
    quantity, unit = item_fields.get("quantity"), item_fields.get("unit_amount")
    product = None if unit is None else decimal(unit) * decimal(1 if quantity is None else quantity)
    stated = fields.get("total_amount")
    net = decimal(stated) if stated is not None else rounded(product or ZERO, currency)
    if product is not None and stated is not None and product != net:
        if writing.switches.line_arithmetic == "refuse":
            return by_platform(
                writing.company.platform,
                "line_arithmetic",
                f"Amount is not equal to UnitPrice * Qty: {plain(net)} and {plain(product)}",
            )
        if writing.switches.line_arithmetic == "recompute":
            net = rounded(product, currency)
    if writing.switches.excess_decimals == "round":
        return rounded(net, currency)
    return exact_amount(writing, net, currency) or net


def _tax(writing: Writing, rate_id: str | None, extra: Json, net: Decimal, currency: str) -> Decimal | Refusal:
    if extra.get("tax_amount") is not None:
        tax = decimal(extra["tax_amount"])
        return exact_amount(writing, tax, currency) or tax
    if not rate_id:
        return ZERO
    rate = active(writing.company, "tax_rates", rate_id)
    if isinstance(rate, Refusal):
        return rate
    return rounded(net * decimal(rate["effective_tax_rate"]) / 100, currency)


def income_legs(lines: list[Line], currency: str) -> list[Posting]:
    """The credit legs of a sale's lines, without tax."""
    return [credit(line.account_id, currency, line.net) for line in lines]


def returned_legs(lines: list[Line], currency: str) -> list[Posting]:
    """The debit legs of a return's lines, without tax."""
    return [debit(line.account_id, currency, line.net) for line in lines]


def number_line(line: Line) -> Json:
    """A line as invoices and customer refunds show it: amounts as numbers."""
    return {
        "platform_id": line.number,
        "account_id": line.account_id,
        "class_id": line.class_id,
        "location_id": None,
        "tax_rate_id": line.tax_rate_id,
        "description": line.description,
        "discount_amount": ZERO,
        "discount_percentage": ZERO,
        "sub_total": line.net,
        "tax_amount": line.tax,
        "total_amount": line.net + line.tax,
        "type": None,
        "item": {"id": line.item_id, "quantity": line.quantity, "unit_amount": line.unit_amount}
        if line.item_id
        else None,
        "additional_fields": {"rev_rec_start_date": None, "rev_rec_end_date": None, "service_date": None},
    }


def text_line(line: Line) -> Json:
    """A line as credit memos show it: amounts as strings, the quantity a number."""
    return {
        "id": line.number,
        "platform_id": line.number,
        "account_id": line.account_id,
        "class_id": line.class_id,
        "item_id": line.item_id,
        "tax_rate_id": line.tax_rate_id,
        "amount": plain(line.net + line.tax),
        "description": line.description,
        "discount_amount": "0",
        "discount_percentage": "0",
        "quantity": line.quantity,
        "sub_total": plain(line.net),
        "tax_amount": plain(line.tax),
        "unit_amount": plain(line.unit_amount),
        "additional_fields": {"service_date": None},
    }
