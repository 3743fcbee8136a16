"""What is added to the books beside sales and money: files with an invoice, accounts and items a merchant asked for."""

import hashlib
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, StringConstraints, model_validator

from schemas.facts import Currency, Frozen, Id, Text

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

AccountType = Literal[
    "accounts_receivable",
    "bank",
    "other_current_asset",
    "other_current_liability",
    "liability",
    "income",
    "other_income",
    "expense",
    "other_expense",
]
"""Those of Rutter's account types that receivables need (Rutter: Create an account, account_type)."""


class AddedAttachment(Frozen):
    """A file to keep with an order's invoice: to be fetched from `url`, or kept already under its `digest`."""

    order_id: Id
    file_name: Text
    added_at: AwareDatetime
    url: Text | None = None
    digest: Sha256 | None = None

    @model_validator(mode="after")
    def _from_one_place(self) -> Self:
        if (self.url is None) == (self.digest is None):
            raise ValueError("give exactly one of url and digest")
        return self

    @property
    def mark(self) -> str:
        """What tells it from the order's other files: the content's digest, or that of the address."""
        return self.digest or hashlib.sha256((self.url or "").encode("utf-8", "surrogatepass")).hexdigest()


class RequestedAccount(Frozen):
    """An account that the merchant wants made, for a role of the mapping (`receivable`, `clearing stripe` …)."""

    role: Id
    name: Text
    account_type: AccountType
    currency: Currency
    nominal_code: Text | None = None
    requested_at: AwareDatetime


class RequestedItem(Frozen):
    """An item that the merchant wants made, for a role of the mapping (`shipping`, `fallback` …) or a sku."""

    role: Id
    name: Text
    code: Text | None = None
    account_role: Id | None = None
    """The requested account it is booked on, by role, where the platform's items name one."""
    account_id: Id | None = None
    """The same, an account that is in the books already, by Rutter's id."""
    requested_at: AwareDatetime
