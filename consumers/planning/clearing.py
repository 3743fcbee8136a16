"""Which account a gateway's money is posted to: the first row of the mapping that fits."""

from dataclasses import dataclass

from consumers.planning import wording
from consumers.planning.questions import Question, answers, ask_named
from schemas.books import Books
from schemas.mapping import Clearing, Mapping
from schemas.plans import Cause, Park


@dataclass(frozen=True, slots=True)
class Paid:
    """How money moved: through what, in what."""

    gateway: str | None
    method: str | None
    currency: str

    def __str__(self) -> str:
        """For people."""
        return f"gateway {self.gateway or 'not told'}" + (f", method {self.method}" if self.method else "")


@dataclass(frozen=True, slots=True)
class Account:
    """An account by Rutter's id, and why it is this one."""

    id: str
    why: str


def ask_clearing(paid: Paid, mapping: Mapping) -> tuple[Question, ...]:
    """What to ask for it."""
    row = _row(paid, mapping)
    return () if row is None else (ask_named("account", row.account),)


def clearing_account(paid: Paid, books: Books) -> Account | Park:
    """The clearing account, if it is mapped, known, one, and may hold the currency."""
    connection = books.connection
    row = _row(paid, connection.mapping)
    if row is None:
        line = 'account = "the clearing account\'s name"'
        if paid.gateway is not None:
            line = f"gateway = {wording.quoted(paid.gateway)}, {line}"
        return Park(
            cause=Cause.UNMAPPED_ACCOUNT,
            subject=f"gateway {paid.gateway or 'not told'}",
            detail=f"no clearing account is mapped for {paid} in {paid.currency}",
            cure=f"add a row {line} under [{wording.table(connection, 'clearing')}], "
            "then: ledgerhook apply FILE, ledgerhook release",
        )
    found = answers("account", row.account, books)
    if len(found) != 1:
        return Park(
            cause=Cause.AMBIGUOUS if found else Cause.UNMAPPED_ACCOUNT,
            subject=f"account {row.account}",
            detail=f"{paid} is mapped to account {row.account}, and the books have "
            + (f"{len(found)} of that name" if found else "no such account in use"),
            cure="name it by its id in the mapping, or make it in the books; then release",
        )
    entry = found[0]
    if entry.currency not in {None, connection.home_currency, paid.currency} and connection.home_currency is not None:
        return Park(
            cause=Cause.UNMAPPED_ACCOUNT,
            subject=f"account {row.account} in {paid.currency}",
            detail=f"account {row.account} is kept in {entry.currency}; this money is {paid.currency}",
            cure=f'add a row with currency = "{paid.currency}" under [{wording.table(connection, "clearing")}] '
            "above it, then: ledgerhook apply FILE, ledgerhook release",
        )
    return Account(entry.id, f"{paid}: mapped to account {row.account}")


def _row(paid: Paid, mapping: Mapping) -> Clearing | None:
    return next((row for row in mapping.clearing if _fits(row, paid)), None)


def _fits(row: Clearing, paid: Paid) -> bool:
    when = row.when
    return (
        _same(when.gateway, paid.gateway) and _same(when.method, paid.method) and when.currency in {None, paid.currency}
    )


def _same(mapped: str | None, told: str | None) -> bool:
    return mapped is None or (told is not None and mapped.casefold() == told.casefold())
