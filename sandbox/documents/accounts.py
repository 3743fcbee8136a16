"""Accounts (Rutter: /accounting/accounts)."""

from sandbox.chart import ACCOUNT_TYPES, add_account
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.fields import currency, filled_text, one_of, optional, required, shape, text, uuid
from sandbox.platforms.registry import rules_of
from sandbox.references import held_currency, known_tags
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

SHAPE = shape(
    {
        "account_type": required(one_of(*ACCOUNT_TYPES)),
        "currency_code": required(currency),
        "name": required(filled_text),
        "nominal_code": optional(text),
        "parent_id": optional(uuid),
        "subsidiary_id": optional(uuid),
        "additional_fields": optional(shape({"bank_account_number": optional(text)})),
    }
)
PATCH_SHAPE = shape({"name": optional(filled_text), "nominal_code": optional(text)})


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Open an account, unless its name is taken."""
    company = writing.company
    refused = held_currency(company, fields["currency_code"]) or known_tags(company, fields)
    if refused:
        return refused
    number = (fields.get("additional_fields") or {}).get("bank_account_number")
    insists = rules_of(company.platform).bank_account_number and writing.switches.bank_account_number == "required"
    if insists and fields["account_type"] == "bank" and not number:
        return by_platform(company.platform, "missing_bank_account", "A bank account needs its number")
    if company.live("accounts", lambda body: body["name"] == fields["name"]) is not None:
        return by_platform(company.platform, "duplicate_name", f"An account named {fields['name']} exists already")
    return add_account(
        writing,
        name=fields["name"],
        account_type=fields["account_type"],
        currency=fields["currency_code"],
        code=fields.get("nominal_code"),
    )


def patch(writing: Writing, account: Json, fields: Json) -> Json:
    """Rename or renumber an account."""
    named = {name: fields[name] for name in ("name", "nominal_code") if fields.get(name) is not None}
    return writing.change("accounts", account, **named)


KIND = Kind(
    singular="account",
    plural="accounts",
    webhook="ACCOUNT",
    shape=SHAPE,
    create=create,
    patch_shape=PATCH_SHAPE,
    patch=patch,
)
