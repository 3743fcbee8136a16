"""Which account a gateway's money is posted to: the first row of the mapping that fits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from consumers.planning import wording
from consumers.planning.questions import Question, answers, ask_named
from consumers.planning.rules import Facts, fits, order_facts, same_text
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Order
from schemas.mapping import Clearing, Mapping
from schemas.plans import Cause, Park

_GIFT_CARD: Final = "gift_card"
"""What is paid with a gift card comes out of what gift cards owe: a row for all gateways is not for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """How money moved: through what, in what, and what else the rules may ask."""

    facts: Facts
    currency: str

    def __str__(self) -> str:
        """For people."""
        gateway, method = self.facts.gateway, self.facts.method
        return f"gateway {gateway or 'not told'}" + (f", method {method}" if method else "")


@dataclass(frozen=True, slots=True)
class Account:
    """An account by Rutter's id, and why it is this one."""

    id: str
    why: str


def paid(gateway: str | None, method: str | None, currency: str, namespace: str, orders: Iterable[Order]) -> Paid:
    """Money through that gateway, for the first of the orders as far as one is known."""
    order = next(iter(orders), None)
    facts = Facts(namespace=namespace) if order is None else order_facts(order, namespace)
    return Paid(facts=replace(facts, gateway=gateway, method=method, currency=currency), currency=currency)


def ask_clearing(money: Paid, mapping: Mapping) -> tuple[Question, ...]:
    """What to ask for it."""
    row = _row(money, mapping)
    return () if row is None else (ask_named("account", row.account),)


def clearing_account(money: Paid, books: Books) -> Account | Park:
    """The clearing account, if it is mapped, known, one, and may hold the currency."""
    connection = books.connection
    row = _row(money, connection.mapping)
    if row is None:
        return _unmapped(money, connection)
    found = answers("account", row.account, books)
    if len(found) != 1:
        return Park(
            cause=Cause.AMBIGUOUS if found else Cause.UNMAPPED_ACCOUNT,
            subject=f"account {row.account}",
            detail=f"{money} is mapped to account {row.account}, and the books have "
            + (f"{len(found)} of that name" if found else "no such account in use"),
            cure="name it by its id in the mapping, or make it in the books; then release",
        )
    entry = found[0]
    home = connection.home_currency
    if entry.currency not in {None, home, money.currency} and home is not None:
        return Park(
            cause=Cause.UNMAPPED_ACCOUNT,
            subject=f"account {row.account} in {money.currency}",
            detail=f"account {row.account} is kept in {entry.currency}; this money is {money.currency}",
            cure=f'add a row with currency = "{money.currency}" under [{wording.table(connection, "clearing")}] '
            "above it, then: ledgerhook apply FILE, ledgerhook release",
        )
    return Account(entry.id, f"{money}: mapped to account {row.account}")


def _unmapped(money: Paid, connection: Connection) -> Park:
    gateway = money.facts.gateway
    line = 'account = "the clearing account\'s name"'
    if gateway is not None:
        line = f"gateway = {wording.quoted(gateway)}, {line}"
    why = "; a row for every gateway is not for gift cards, which are owed already" if _is_gift_card(money) else ""
    return Park(
        cause=Cause.UNMAPPED_ACCOUNT,
        subject=f"gateway {gateway or 'not told'}",
        detail=f"no clearing account is mapped for {money} in {money.currency}{why}",
        cure=f"add a row {line} under [{wording.table(connection, 'clearing')}], "
        "then: ledgerhook apply FILE, ledgerhook release",
    )


def _row(money: Paid, mapping: Mapping) -> Clearing | None:
    own = _is_gift_card(money)
    return next((row for row in mapping.clearing if fits(row.when, money.facts) and not (own and _general(row))), None)


def _is_gift_card(money: Paid) -> bool:
    return same_text(_GIFT_CARD, money.facts.gateway)


def _general(row: Clearing) -> bool:
    return row.when.gateway is None and row.when.method is None
