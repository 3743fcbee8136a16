"""Discounts as platforms have them: on the header (QuickBooks, Zoho Books) or on the line (Xero, NetSuite).

Rutter does not say whether a line's `total_amount` is before or after its discount: the switch `line_discount` has
both.
"""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.exact import ZERO, Json, decimal, plain, rounded
from sandbox.platforms.registry import rules_of
from sandbox.references import active, exact_amount
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A line's discount. `within`: the line's total has it off already. Without an account it lessens the income."""

    amount: Decimal = ZERO
    percentage: Decimal = ZERO
    account_id: str | None = None
    within: bool = False


def line_discount(writing: Writing, fields: Json, total: Decimal, currency: str) -> Discount | Refusal:
    """The discount a line asks for: an amount, a percentage of its total, or what its discount item says."""
    company = writing.company
    percentage = decimal((fields.get("additional_fields") or {}).get("discount_percentage") or 0)
    asked = fields.get("discount_amount")
    item = _discount_item(writing, fields.get("discount_item_id"))
    if isinstance(item, Refusal):
        return item
    if asked is None and item is not None:
        asked = (item["invoice_item"] or {}).get("unit_price")
        if asked is None:
            return by_platform(company.platform, "missing_discount", f"The discount item {item['name']} has no rate")
    if asked is not None and percentage:
        return by_platform(company.platform, "two_discounts", "A line has a discount amount or a percentage, not both")
    within = writing.switches.line_discount == "within_total"
    if asked is not None:
        amount = abs(decimal(asked))
    elif within and percentage < 100:
        amount = rounded(total * percentage / (100 - percentage), currency)
    else:
        amount = rounded(total * percentage / 100, currency)
    refused = exact_amount(writing, amount, currency)
    if refused or not amount:
        return refused or Discount()
    account = None
    if item is not None:
        account = company.income_account(item["id"])
    elif rules_of(company.platform).discount_lines:
        account = company.roles["discounts"]
    return Discount(amount=amount, percentage=percentage, account_id=account, within=within)


def _discount_item(writing: Writing, item_id: str | None) -> Json | Refusal | None:
    if item_id is None:
        return None
    item = active(writing.company, "items", item_id)
    if isinstance(item, Refusal) or item["type"] == "discount":
        return item
    return by_platform(writing.company.platform, "wrong_item_type", f"The item {item['name']} is no discount item")


def header_discount(writing: Writing, extra: Json, net: Decimal, currency: str) -> Decimal | Refusal:
    """What the header takes off the sum of the lines."""
    platform = writing.company.platform
    percentage, amount = extra.get("discount_percentage"), extra.get("discount_amount")
    if percentage and amount:
        return by_platform(platform, "two_discounts", "A discount is an amount or a percentage, not both")
    if percentage and decimal(percentage) > 100:
        return by_platform(platform, "discount_too_high", f"{plain(decimal(percentage))} is more than 100 percent")
    found = rounded(net * decimal(percentage) / 100, currency) if percentage else decimal(amount or 0)
    return exact_amount(writing, found, currency) or found
