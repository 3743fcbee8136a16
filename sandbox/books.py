"""The books of one company in double entry, one currency at a time.

A posting's amount is positive for a debit, negative for a credit. The postings of one entry sum to zero in every
currency; one that does not is a bug of the sandbox, so it raises instead of being answered.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sandbox.exact import ZERO


class ImbalanceError(Exception):
    """Debits and credits of an entry differ: a bug in whoever made the postings."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg. `customer_id` is set on legs of a receivable account, in major units like every amount here."""

    account_id: str
    currency: str
    amount: Decimal
    customer_id: str | None = None


def debit(account_id: str, currency: str, amount: Decimal, customer_id: str | None = None) -> Posting:
    """A leg on the debit side (a negative amount lands on the credit side)."""
    return Posting(account_id, currency, amount, customer_id)


def credit(account_id: str, currency: str, amount: Decimal, customer_id: str | None = None) -> Posting:
    """A leg on the credit side (a negative amount lands on the debit side)."""
    return Posting(account_id, currency, -amount, customer_id)


class Books:
    """Entries by the document that caused them, with running balances."""

    def __init__(self) -> None:
        self.entries: dict[str, list[tuple[Posting, ...]]] = defaultdict(list)
        self._balances: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self._receivables: dict[tuple[str, str], Decimal] = defaultdict(Decimal)

    def post(self, document_id: str, postings: Iterable[Posting]) -> None:
        """Enter the postings of a document. Raises ImbalanceError, having entered nothing, if they do not balance."""
        legs = tuple(leg for leg in postings if leg.amount)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for leg in legs:
            sums[leg.currency] += leg.amount
        if any(sums.values()):
            raise ImbalanceError(f"document {document_id} does not balance: {dict(sums)}")
        for leg in legs:
            self._balances[leg.currency, leg.account_id] += leg.amount
            if leg.customer_id is not None:
                self._receivables[leg.customer_id, leg.currency] += leg.amount
        self.entries[document_id].append(legs)

    def reverse(self, document_id: str) -> None:
        """Enter the opposite of whatever the document still has in the books."""
        standing: dict[tuple[str, str, str | None], Decimal] = defaultdict(Decimal)
        for entry in self.entries.get(document_id, ()):
            for leg in entry:
                standing[leg.account_id, leg.currency, leg.customer_id] += leg.amount
        self.post(
            document_id,
            [Posting(account, code, -amount, who) for (account, code, who), amount in standing.items()],
        )

    def rename(self, old_id: str, new_id: str) -> None:
        """Let the entries of a document be those of another id, which has none yet."""
        self.entries[new_id] = self.entries.pop(old_id, [])

    def balance(self, account_id: str, currency: str) -> Decimal:
        """What an account stands at: positive is a debit balance."""
        return self._balances.get((currency, account_id), ZERO)

    def receivable(self, customer_id: str, currency: str) -> Decimal:
        """What a customer owes; negative when they have credit."""
        return self._receivables.get((customer_id, currency), ZERO)

    def trial_balance(self) -> dict[str, dict[str, Decimal]]:
        """Currency to account id to balance, accounts at zero left out."""
        table: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for (currency, account_id), amount in sorted(self._balances.items()):
            table.setdefault(currency, {})
            if amount:
                table[currency][account_id] = amount
        return dict(table)

    def receivables(self) -> dict[tuple[str, str], Decimal]:
        """(customer id, currency) to what is owed, zeros left out."""
        return {key: amount for key, amount in sorted(self._receivables.items()) if amount}
