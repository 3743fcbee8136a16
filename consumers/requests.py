"""Accounts and items that a person asks for, as events of our own. Pure.

They are told in a namespace of ours, which no source may have; the role is their identity: asked for again under the
same role, the latest request counts until a write is intended.
"""

from datetime import datetime
from typing import Final

from schemas.addition_events import AccountData, AccountRequested, ItemData, ItemRequested
from schemas.additions import AccountType, RequestedAccount, RequestedItem
from schemas.envelope import natural_key

NAMESPACE: Final = "ledgerhook"

Requested = AccountRequested | ItemRequested


def account_requested(
    connection: str,
    role: str,
    *,
    name: str,
    account_type: AccountType,
    currency: str,
    nominal_code: str | None = None,
    at: datetime,
) -> AccountRequested:
    """An account for a role of the mapping: linked where the books have it by that name, type and currency, else made.

    Raises:
        ValueError: a value that no account can have.
    """
    account = RequestedAccount(
        role=role,
        name=name,
        account_type=account_type,
        currency=currency,
        nominal_code=nominal_code,
        requested_at=at,
    )
    return AccountRequested(
        id=natural_key("account", role),
        source=NAMESPACE,
        connection=connection,
        time=at,
        data=AccountData(account=account),
    )


def item_requested(
    connection: str,
    role: str,
    *,
    name: str,
    code: str | None = None,
    account_role: str | None = None,
    account_id: str | None = None,
    at: datetime,
) -> ItemRequested:
    """An item for a role of the mapping, or a sku; booked on the account asked for under `account_role`, or on the one
    of Rutter's id `account_id`.

    Raises:
        ValueError: a value that no item can have.
    """
    item = RequestedItem(
        role=role, name=name, code=code, account_role=account_role, account_id=account_id, requested_at=at
    )
    return ItemRequested(
        id=natural_key("item", role), source=NAMESPACE, connection=connection, time=at, data=ItemData(item=item)
    )
