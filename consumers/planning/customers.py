"""Who is invoiced: linked already, found in the books without doubt, or made. One customer a currency.

Platforms keep a customer in one currency for good, so a customer of ours is (who, currency); in a currency other than
the merchant's own the name says which, because names are unique in the books.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from consumers.customer_identity import customer_key, guest_email, is_nameless
from consumers.planning import wording
from consumers.planning.questions import Question, active, answers, ask_named
from schemas.books import Books, Entry, LookUp
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Ref, Write
from schemas.facts import Customer
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_LANGUAGE_NEEDED: Final = frozenset({"FRESHBOOKS"})
"""Where a customer cannot do without a language (Rutter: Create a customer); elsewhere it is the company's own."""
_NAME_LENGTH: Final = 94
"""With a currency behind it, 100: what QuickBooks Online takes."""
_CURRENCY_BEHIND: Final = re.compile(r" \(([A-Z]{3})\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The customer: what stands for it in a body, what to link first, and the write that makes it, if it is new."""

    id: Ref | str
    why: str
    found: tuple[tuple[str, Entry], ...] = ()
    made_by: Write | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A customer in one currency, as it would be looked for."""

    key: str
    plain_name: str
    name: str
    currency: str
    told: Customer | None


def ask_customer(customer: Customer | None, currency: str, connection: Connection) -> tuple[Question, ...]:
    """What to ask; all of it moot once the customer is linked."""
    key = customer_key(customer, currency)
    if customer is None or is_nameless(customer):
        cash = connection.mapping.cash_customer
        if cash is None:
            return ()
        also = (
            frozenset[LookUp]() if cash.name is None else _name_look_ups(_wanted(None, cash.name, currency, connection))
        )
        return (Question(any_of=ask_named("customer", cash).any_of, also=also, moot_with=key),)
    names = _name_look_ups(_wanted(customer, _told_name(customer), currency, connection))
    if (email := (customer.email or "").strip()) != "":
        return (Question(any_of=frozenset({LookUp("customer", "email", email)}), also=names, moot_with=key),)
    return (Question(any_of=names, moot_with=key),)


def choose_customer(customer: Customer | None, currency: str, books: Books) -> Chosen | Park:
    """Link, then e-mail, then name; exactly one is taken, none is made, anything else is asked about."""
    key = customer_key(customer, currency)
    link = books.links.get(key)
    if link is not None and link.rutter_id is not None:
        return Chosen(id=Ref(key), why=f"customer {key}: linked")
    if customer is None or is_nameless(customer):
        return _cash(currency, books)
    wanted = _wanted(customer, _told_name(customer), currency, books.connection)
    named = _fitting(wanted, books, *_name_look_ups(wanted))
    email = (customer.email or "").strip()
    if email:
        mailed = _fitting(wanted, books, LookUp("customer", "email", email))
        if len(mailed) == 1:
            return _found(wanted, mailed[0], f"the only one in {currency} with the e-mail {email}")
        if mailed:
            return _ambiguous(wanted, mailed, f"several customers in {currency} have the e-mail {email}")
        if named:
            return _ambiguous(wanted, named, f"nobody has the e-mail {email}, and the name is taken by another")
    elif len(named) == 1:
        return _found(wanted, named[0], f"the only one in {currency} of that name, and no e-mail is told")
    elif named:
        return _ambiguous(wanted, named, "several customers have that name, and no e-mail is told")
    return _made(wanted, books.connection)


def _cash(currency: str, books: Books) -> Chosen | Park:
    connection = books.connection
    cash = connection.mapping.cash_customer
    if cash is None:
        return Park(
            cause=Cause.UNMAPPED_CUSTOMER,
            subject="cash customer",
            detail="the order names no customer, neither id nor e-mail, and no cash customer is declared",
            cure=wording.apply(connection, (), 'cash_customer = "the customer\'s name in the books"'),
        )
    entries = answers("customer", cash, books)
    base = cash.name or next((entry.name for entry in entries if entry.name), None)
    wanted = _wanted(None, base or str(cash), currency, connection)
    names = _name_look_ups(wanted) if cash.name else frozenset[LookUp]()
    fitting = [entry for entry in (*entries, *active(books, *names)) if _fits(entry, wanted, connection)]
    by_id = {entry.id: entry for entry in fitting}
    if len(by_id) == 1:
        return _found(wanted, next(iter(by_id.values())), "the cash customer, as nobody is named")
    if by_id:
        return _ambiguous(wanted, tuple(by_id.values()), f"several customers fit the cash customer {cash}")
    if wanted.name != wanted.plain_name and base is not None:
        return _made(wanted, connection)
    return Park(
        cause=Cause.UNMAPPED_CUSTOMER,
        subject=f"customer {cash}",
        detail=f"the cash customer {cash} is not among the customers in use in {currency}",
        cure=f"make the customer {cash} in the books, or name another as cash_customer; then release",
    )


def _wanted(told: Customer | None, plain_name: str, currency: str, connection: Connection) -> _Wanted:
    plain = (" ".join(plain_name.split()) or "Customer")[:_NAME_LENGTH].rstrip()
    foreign = connection.home_currency is not None and currency != connection.home_currency
    name = f"{plain} ({currency})" if foreign else plain
    return _Wanted(customer_key(told, currency), plain, name, currency, told)


def _told_name(customer: Customer) -> str:
    return (customer.name or "").strip() or (customer.email or "").strip() or f"Customer {customer.id}"


def _name_look_ups(wanted: _Wanted) -> frozenset[LookUp]:
    return frozenset(LookUp("customer", "name", name) for name in (wanted.name, wanted.plain_name))


def _fitting(wanted: _Wanted, books: Books, *look_ups: LookUp) -> tuple[Entry, ...]:
    return tuple(entry for entry in active(books, *look_ups) if _fits(entry, wanted, books.connection))


def _fits(entry: Entry, wanted: _Wanted, connection: Connection) -> bool:
    """Whether the entry may be kept in that currency. One without takes that of its name, else the merchant's own."""
    if entry.currency is not None:
        return entry.currency == wanted.currency
    behind = _CURRENCY_BEHIND.search(entry.name or "")
    of_entry = behind.group(1) if behind else connection.home_currency
    return of_entry in {None, wanted.currency}


def _found(wanted: _Wanted, entry: Entry, why: str) -> Chosen:
    return Chosen(
        id=Ref(wanted.key),
        why=f"customer {wanted.plain_name}: {entry.name or entry.id} in the books, {why}",
        found=((wanted.key, entry),),
    )


def _made(wanted: _Wanted, connection: Connection) -> Chosen:
    told = wanted.told
    body: dict[str, Any] = {"contact_name": wanted.name, "customer_name": wanted.name}
    if told is not None and (told.email or "").strip():
        body["email"] = (told.email or "").strip()
    if told is not None and (told.phone or "").strip():
        body["phone"] = (told.phone or "").strip()
    extra: dict[str, Any] = {}
    # Where the page does not name the platform, it is said only when leaving it out would mean the home currency.
    if platform(connection.platform).has(Feature.CUSTOMER_CURRENCY) or wanted.name != wanted.plain_name:
        extra["currency_code"] = wanted.currency
    if connection.platform in _LANGUAGE_NEEDED:
        extra["language"] = "en"
    if extra:
        body["additional_fields"] = extra
    why = f"customer {wanted.name}: not in the books, made"
    write = Write(
        key=wanted.key,
        kind=DocumentKind.CUSTOMER,
        body=body,
        total=None,
        look=Look(name=wanted.name),
        why=(why,),
    )
    return Chosen(id=Ref(wanted.key), why=why, made_by=write)


def _ambiguous(wanted: _Wanted, entries: tuple[Entry, ...], why: str) -> Park:
    names = wording.listed(f"{entry.name or entry.id} <{entry.email or 'no e-mail'}>" for entry in entries)
    told = wanted.told
    email = None if told is None else guest_email(told.email)
    return Park(
        cause=Cause.AMBIGUOUS,
        subject=f"customer {wanted.plain_name}" + (f" <{email}>" if email else ""),
        detail=f"{why}: {names}",
        cure=(f"in the books, give the right one, and only it, the e-mail {email}" if email else "rename all but one")
        + "; then release",
    )
