"""What the platform looks up before it takes a document: ids, currencies, periods.

Each look-up answers a Refusal, or what it found.
"""

from decimal import Decimal
from typing import Literal

from sandbox.company import Company
from sandbox.exact import Json, fits, plain
from sandbox.fields import day
from sandbox.platforms.registry import rules_of
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

_TAGS = {
    "class_id": "classes",
    "department_id": "departments",
    "location_id": "locations",
    "payment_terms_id": "payment_terms",
    "subsidiary_id": "subsidiaries",
}
_NOUNS = {"classes": "class", "subsidiaries": "subsidiary"}


def active(company: Company, plural: str, object_id: str) -> Json | Refusal:
    """The object with this id, if the platform has it and it is in use."""
    found = company.shelves[plural].get(object_id)
    noun = _NOUNS.get(plural) or plural.replace("_", " ").removesuffix("s")
    if found is None:
        return by_platform(company.platform, "unknown_reference", f"There is no {noun} {object_id}")
    if found.get("status", "active") in ("archived", "inactive"):
        return by_platform(company.platform, "inactive_reference", f"The {noun} {object_id} is not active")
    return found


def cash_account(company: Company, account_id: str) -> Json | Refusal:
    """An account that money can be paid into or out of."""
    account = active(company, "accounts", account_id)
    if isinstance(account, Refusal):
        return account
    if account["account_type"] not in ("bank", "other_current_asset", "credit_card"):
        return by_platform(
            company.platform,
            "wrong_account_type",
            f"The account {account['name']} is {account['account_type']}; money needs a bank or current asset account",
        )
    return account


def receivable_account(company: Company, account_id: str | None) -> Refusal | None:
    """Refuses a document's own receivable account that is unknown or is none."""
    if account_id is None:
        return None
    account = active(company, "accounts", account_id)
    if isinstance(account, Refusal):
        return account
    if account["account_type"] == "accounts_receivable":
        return None
    return by_platform(company.platform, "wrong_account_type", f"{account['name']} is no receivable account")


def held_currency(company: Company, currency: str) -> Refusal | None:
    """Refuses a currency the company does not keep."""
    if currency in company.currencies:
        return None
    return by_platform(company.platform, "unknown_currency", f"The company does not use {currency}")


def open_period(company: Company, moment: str) -> Refusal | None:
    """Refuses a date on or before the closing date, in the platform's words: few of them say the date itself."""
    when = day(moment)
    if company.closing_date is None or when is None or when > company.closing_date:
        return None
    said = rules_of(company.platform).closed_text.format(date=company.closing_date.isoformat())
    return by_platform(company.platform, "closed_period", said)


def one_currency(company: Company) -> bool:
    """Whether a customer of this company is kept in one currency only."""
    chosen = company.options.customer_one_currency
    return rules_of(company.platform).customer_one_currency if chosen is None else chosen


def customer_in(writing: Writing, customer_id: str, currency: str) -> Json | Refusal:
    """The active customer, whose currency is this one. One without a currency yet takes this one for good."""
    company = writing.company
    customer = active(company, "customers", customer_id)
    if isinstance(customer, Refusal):
        return customer
    if one_currency(company) and customer["currency_code"] not in (None, currency):
        return by_platform(
            company.platform,
            "customer_currency",
            f"The customer {customer['customer_name']} is kept in {customer['currency_code']}, not {currency}",
        )
    return customer


def settle_currency(writing: Writing, customer: Json, currency: str) -> None:
    """Fixes the currency of a customer that had none: called once the document is certain."""
    if customer["currency_code"] is None and one_currency(writing.company):
        writing.change("customers", customer, currency_code=currency)


def exact_amount(writing: Writing, amount: Decimal, currency: str) -> Refusal | None:
    """Refuses an amount with more decimals than its currency has."""
    if fits(amount, currency):
        return None
    return by_platform(
        writing.company.platform, "excess_decimals", f"{plain(amount)} has more decimals than {currency}"
    )


def document_number(writing: Writing, plural: str, number: str | None, own_id: str | None = None) -> Refusal | None:
    """Refuses a number that is too long for the platform, or taken where it minds."""
    company = writing.company
    if number is None:
        return None
    refused = short_enough(company, "Document number", number)
    rule = company.options.duplicate_numbers or writing.switches.duplicate_document_number
    minds = rule == "refuse" or (rule == "refuse_quickbooks" and company.platform == "QUICKBOOKS")
    if refused or not minds:
        return refused
    shelf = company.shelves[plural]
    taken = (
        any(one != own_id for one in shelf.live_with(number))
        if plural == "invoices"
        else shelf.first(lambda body: body.get("document_number") == number and body["id"] != own_id) is not None
    )
    if not taken:
        return None
    return by_platform(company.platform, "duplicate_document_number", f"Document number {number} is already used")


def short_enough(company: Company, what: Literal["Document number", "Reference"], number: str) -> Refusal | None:
    """Refuses a number or reference longer than the platform's field."""
    rules = rules_of(company.platform)
    longest = company.options.number_length or rules.number_length
    if what == "Reference":
        longest = rules.reference_length
    if longest is None or len(number) <= longest:
        return None
    return by_platform(company.platform, "too_long", f"{what} must be at most {longest} characters")


def known_tags(company: Company, fields: Json) -> Refusal | None:
    """Refuses a class, department, location, term, subsidiary or custom field that is unknown or not in use."""
    extra: Json = fields.get("additional_fields") or {}
    for name, plural in _TAGS.items():
        for object_id in (fields.get(name), extra.get(name)):
            found = active(company, plural, object_id) if object_id else None
            if isinstance(found, Refusal):
                return found
    for key in fields.get("custom_fields") or {}:
        if not company.shelves["custom_fields"].live_with(key):
            return by_platform(company.platform, "unknown_reference", f"There is no custom field {key}")
    return None
