"""What customers are called in the books: names are unique there, have a bound, and say the currency where it is not
the merchant's own."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from consumers.customer_identity import customer_key
from schemas.books import Entry, LookUp
from schemas.connections import Connection
from schemas.facts import Customer
from schemas.platforms.registry import platform

_CURRENCY_BEHIND: Final = re.compile(r" \(([A-Z]{3})\)$")
_COLON_IS_PARENT: Final = frozenset({"QUICKBOOKS", "QUICKBOOKS_DESKTOP"})
"""Where a colon in a name stands between a customer and their sub-customer (Intuit: error 2040; CustomerAdd, Name)."""
_MARK: Final = 5
"""Characters of the hash that a name which is cut short ends with: two long names that begin alike stay two."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A customer in one currency, as it would be looked for; `name` as it would be made, `known_as` all it may be."""

    key: str
    plain_name: str
    name: str
    currency: str
    told: Customer | None
    known_as: frozenset[str]

    @property
    def look_ups(self) -> frozenset[LookUp]:
        """By any of its names."""
        return frozenset(LookUp("customer", "name", name) for name in self.known_as)


def wanted_customer(told: Customer | None, told_name: str, currency: str, connection: Connection) -> Wanted:
    """Named as the platform takes it; known by that, with and without its currency, and as it was told."""
    key = customer_key(told, currency)
    foreign = connection.home_currency is not None and currency != connection.home_currency
    behind = f" ({currency})" if foreign else ""
    told_plain = " ".join(told_name.split()) or "Customer"
    plain = _fitting(_allowed(told_plain, connection), key, platform(connection.platform).name_length - len(behind))
    known_as = {plain, plain + behind, told_plain, told_name.strip() or told_plain}
    return Wanted(key, plain, plain + behind, currency, told, frozenset(known_as))


def told_name(customer: Customer) -> str:
    """What a customer is called, as far as it is told."""
    return (customer.name or "").strip() or (customer.email or "").strip() or f"Customer {customer.id}"


def fits_currency(entry: Entry, currency: str, connection: Connection) -> bool:
    """Whether the entry may be kept in that currency. One without takes that of its name, else the merchant's own."""
    if entry.currency is not None:
        return entry.currency == currency
    behind = _CURRENCY_BEHIND.search(entry.name or "")
    of_entry = behind.group(1) if behind else connection.home_currency
    return of_entry in {None, currency}


def _allowed(name: str, connection: Connection) -> str:
    if connection.platform in _COLON_IS_PARENT:
        name = " ".join(name.replace(":", " - ").split())
    return "".join(letter for letter in name if letter.isprintable()).strip() or "Customer"


def _fitting(name: str, key: str, room: int) -> str:
    if len(name) <= room:
        return name
    who = key.rpartition(":")[0]
    mark = hashlib.sha256(f"{len(who)}:{who}{name}".encode("utf-8", "surrogatepass")).hexdigest()[:_MARK].upper()
    return f"{name[: room - _MARK - 1].rstrip()} {mark}"
