"""The lines that invoices, credit memos and customer refunds share: read, checked and turned into postings."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sandbox.books import Posting, credit, debit
from sandbox.documents.discounts import Discount, line_discount
from sandbox.exact import ZERO, Json, decimal, plain, rounded
from sandbox.platforms.registry import rules_of
from sandbox.references import active, exact_amount, known_tags
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, in major units. `net` is after its discount and before tax; `tax_override` replaces what its rate says.

    `taxable` is what the line says of itself, None when it says nothing.
    """

    number: str
    description: str | None
    item_id: str | None
    account_id: str
    class_id: str | None
    location_id: str | None
    tax_rate_id: str | None
    taxable: bool | None
    tax_override: Decimal | None
    quantity: Decimal
    unit_amount: Decimal
    discount: Discount
    net: Decimal
    tax: Decimal
    service_date: str | None
    custom_fields: Json | None


def read_lines(writing: Writing, asked: list[Json], currency: str) -> list[Line] | Refusal:
    """The lines of a request, not taxed yet."""
    lines: list[Line] = []
    for number, fields in enumerate(asked, start=1):
        line = _read_line(writing, fields, str(number), currency)
        if isinstance(line, Refusal):
            return line
        lines.append(line)
    return lines


def _read_line(writing: Writing, fields: Json, number: str, currency: str) -> Line | Refusal:
    item_fields: Json = fields.get("item") or {}
    extra: Json = fields.get("additional_fields") or {}
    account = _account(writing, fields, item_fields)
    if isinstance(account, Refusal):
        return account
    quantity = decimal(item_fields.get("quantity") if item_fields.get("quantity") is not None else 1)
    unit = item_fields.get("unit_amount")
    product = None if unit is None else decimal(unit) * quantity
    stated = _stated(writing, fields, product, currency)
    if isinstance(stated, Refusal):
        return stated
    discount = line_discount(writing, fields, stated, currency)
    if isinstance(discount, Refusal):
        return discount
    gross = _gross(writing, stated, discount, product, currency)
    override = decimal(extra["tax_amount"]) if extra.get("tax_amount") is not None else None
    refused = (
        _inexact(writing, gross, product, currency)
        or known_tags(writing.company, fields)
        or (exact_amount(writing, override, currency) if override is not None else None)
    )
    if refused:
        return refused
    return Line(
        number=number,
        description=fields.get("description"),
        item_id=item_fields.get("id"),
        account_id=account,
        class_id=fields.get("class_id"),
        location_id=fields.get("location_id"),
        tax_rate_id=fields.get("tax_rate_id") or extra.get("tax_rate_id"),
        taxable=extra.get("sales_taxable"),
        tax_override=override,
        quantity=quantity,
        unit_amount=decimal(unit) if unit is not None else (gross / quantity if quantity else gross),
        discount=discount,
        net=gross - discount.amount,
        tax=ZERO,
        service_date=extra.get("service_date"),
        custom_fields=fields.get("custom_fields"),
    )


def _account(writing: Writing, fields: Json, item_fields: Json) -> str | Refusal:
    """The line's own account where it names one and no item; else the item's, which decides on most platforms."""
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
        if not item_fields.get("id") or rules_of(company.platform).line_account:
            return str(account_id)
    return company.income_account(item_fields.get("id"))


def _stated(writing: Writing, fields: Json, product: Decimal | None, currency: str) -> Decimal | Refusal:
    """The line's total as asked, or else what quantity and unit amount come to."""
    total = fields.get("total_amount")
    stated = decimal(total) if total is not None else rounded(product or ZERO, currency)
    if writing.switches.excess_decimals == "round":
        return rounded(stated, currency)
    return exact_amount(writing, stated, currency) or stated


def _gross(writing: Writing, stated: Decimal, discount: Discount, product: Decimal | None, currency: str) -> Decimal:
    """The line before its discount: as stated, or as the platform makes it of quantity and unit amount."""
    gross = stated + discount.amount if discount.within else stated
    recomputes = product is not None and _arithmetic(writing) == "recompute"
    return rounded(product, currency) if product is not None and recomputes else gross


def _inexact(writing: Writing, gross: Decimal, product: Decimal | None, currency: str) -> Refusal | None:
    """Refuses a line that is not its quantity times its unit amount, where the platform insists."""
    if product is None or rounded(product, currency) == gross or _arithmetic(writing) != "refuse":
        return None
    return by_platform(
        writing.company.platform,
        "line_arithmetic",
        f"Amount is not equal to UnitPrice * Qty: {plain(gross)} and {plain(product)}",
    )


def _arithmetic(writing: Writing) -> str:
    rule = writing.company.options.line_arithmetic or writing.switches.line_arithmetic
    if rule == "refuse_xero_zoho":
        return "refuse" if writing.company.platform in ("XERO", "ZOHOBOOKS") else "accept"
    return rule


def income_legs(lines: list[Line], currency: str) -> Iterator[Posting]:
    """The legs of a sale's lines, without tax: credits, and the debit of a discount that has its own account."""
    for line in lines:
        booked = line.discount.amount if line.discount.account_id else ZERO
        yield credit(line.account_id, currency, line.net + booked)
        if line.discount.account_id:
            yield debit(line.discount.account_id, currency, booked)


def returned_legs(lines: list[Line], currency: str) -> list[Posting]:
    """The debit legs of a return's lines, without tax."""
    return [debit(line.account_id, currency, line.net) for line in lines]


def number_line(line: Line) -> Json:
    """A line as invoices and customer refunds show it: amounts as numbers."""
    return {
        "platform_id": line.number,
        "account_id": line.account_id,
        "class_id": line.class_id,
        "location_id": line.location_id,
        "tax_rate_id": line.tax_rate_id,
        "description": line.description,
        "discount_amount": line.discount.amount,
        "discount_percentage": line.discount.percentage,
        "sub_total": line.net,
        "tax_amount": line.tax,
        "total_amount": line.net + line.tax,
        "type": None,
        "item": {"id": line.item_id, "quantity": line.quantity, "unit_amount": line.unit_amount}
        if line.item_id
        else None,
        "additional_fields": {
            "rev_rec_start_date": None,
            "rev_rec_end_date": None,
            "service_date": line.service_date,
        },
        **({"custom_fields": line.custom_fields} if line.custom_fields else {}),
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
