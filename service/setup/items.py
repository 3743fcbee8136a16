"""What is proposed for items and the cash customer."""

from dataclasses import dataclass
from typing import Final

from schemas.additions import AccountType
from schemas.mapping import Named
from schemas.platforms.capability import Feature
from service.configuration.named_things import INCOME, LIABILITY
from service.setup.shelf import Setting
from service.setup.slot import Group, Make, Slot, Value

EXPENSE: Final = frozenset({"expense", "other_expense"})


@dataclass(frozen=True, slots=True)
class _Role:
    """A part of an order: what an item for it may be called in the books, and the name of one that is made."""

    key: str
    label: str
    name: str
    patterns: tuple[str, ...]
    only_when_asked: bool = False
    """Making one is not proposed: most shops need none."""


ROLES: Final = (
    _Role("fallback", "Goods without an item", "Sales", ("sales", "goods|products?|services?", "sales")),
    _Role("shipping", "Shipping", "Shipping", ("shipping", "shipping|freight|delivery|postage")),
    _Role("discount", "Discounts", "Discount", ("discounts?", "discount")),
    _Role("tip", "Tips", "Tip", ("tips?", r"gratuit(y|ies)", r"\btips?\b")),
    _Role("rounding", "Rounding", "Rounding", ("rounding",)),
    _Role("tax", "Tax on a line of its own", "Sales tax", ("sales tax", "vat|gst", r"\btax")),
    _Role("gift_card", "Gift cards sold", "Gift cards", ("gift ?cards?",), only_when_asked=True),
    _Role("payment_reversal", "Chargebacks", "Payment reversals", ("payment reversals?", "chargebacks?|disputes?")),
)
CASH: Final = ("web sales", "online sales", "cash sales?", "walk-?in( customers?)?", "cash customers?", "guests?")


def items(at: Setting, income: Value, owed: Value) -> Group:
    """The second screen. `income`, `owed`: the accounts proposed or chosen so far, for items that are made."""
    slots = [_item(at, role, _account(at, role.key, income, owed)) for role in ROLES]
    cash = at.shelf.called("customer", (), *CASH)
    slots.append(
        Slot(
            key="cash_customer",
            label="Nameless guests",
            proposed=at.connection.mapping.cash_customer
            or (None if cash is None else at.shelf.named("customer", cash)),
            choices=at.shelf.choices("customer"),
            object="customer",
            lacking="an order without a customer parks; make one in the books to change that",
        )
    )
    return Group("Items and customers", tuple(slots))


def _item(at: Setting, role: _Role, account: Named | Make | None) -> Slot:
    now: Named | None = getattr(at.connection.mapping.items, role.key)
    found = at.shelf.called("item", (), *role.patterns)
    there = None if found is None else at.shelf.named("item", found)
    makes = Make(name=role.name, account=account) if at.makes_items and account is not None else None
    in_use = role.key != "payment_reversal" or at.platform.may(Feature.CUSTOMER_REFUNDS)
    return Slot(
        key=f"items.{role.key}",
        label=role.label,
        proposed=now or there or (makes if in_use and not role.only_when_asked else None),
        choices=at.shelf.choices("item"),
        object="item",
        makes=makes,
    )


def _account(at: Setting, role: str, income: Value, owed: Value) -> Named | Make | None:
    """What an item that is made is booked on."""
    match role:
        case "tax":
            chosen = owed
        case "tip":
            chosen = _found_or_made(at, LIABILITY, "Tips payable", "other_current_liability", r"tips?\b.*")
        case "gift_card":
            name = "Gift cards outstanding"
            chosen = _found_or_made(at, LIABILITY, name, "other_current_liability", r"gift ?cards?\b.*")
        case "payment_reversal":
            chosen = _found_or_made(at, EXPENSE, "Chargebacks", "expense", "chargebacks?|bad debts?|losses")
        case "discount":
            found = at.shelf.called("account", INCOME, "discounts?( given)?", "discount")
            chosen = at.shelf.named("account", found) if found else income
        case _:
            chosen = income
    return chosen if isinstance(chosen, Named | Make) else None


def _found_or_made(at: Setting, types: frozenset[str], name: str, kind: AccountType, pattern: str) -> Value:
    found = at.shelf.called("account", types, pattern)
    if found is not None:
        return at.shelf.named("account", found)
    return Make(name=name, account_type=kind) if at.makes_accounts else None
