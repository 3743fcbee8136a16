"""Who is invoiced: linked already, found in the books without doubt, or made. One customer a currency.

Platforms keep a customer in one currency for good, so a customer of ours is (who, currency); in a currency other than
the merchant's own the name says which, because names are unique in the books.
"""

from dataclasses import dataclass
from typing import Any, Final

from consumers.customer_identity import customer_key, guest_email, is_nameless
from consumers.planning import wording
from consumers.planning.customer_names import Wanted, fits_currency, told_name, wanted_customer
from consumers.planning.questions import Question, active, answers, ask_named
from schemas.books import Books, Entry, LookUp, Seen
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Ref, Write
from schemas.facts import Customer
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_LANGUAGE_NEEDED: Final = frozenset({"FRESHBOOKS"})
"""Where a customer cannot do without a language (Rutter: Create a customer); elsewhere it is the company's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The customer: what stands for it in a body, what to link first, and the write that makes it, if it is new."""

    id: Ref | str
    why: str
    found: tuple[tuple[str, Entry], ...] = ()
    made_by: Write | None = None


def ask_customer(customer: Customer | None, currency: str, connection: Connection) -> tuple[Question, ...]:
    """What to ask; all of it moot once the customer is linked."""
    key = customer_key(customer, currency)
    if customer is None or is_nameless(customer):
        cash = connection.mapping.cash_customer
        if cash is None:
            return ()
        also = (
            frozenset[LookUp]()
            if cash.name is None
            else wanted_customer(None, cash.name, currency, connection).look_ups
        )
        return (Question(any_of=ask_named("customer", cash).any_of, also=also, moot_with=key),)
    names = wanted_customer(customer, told_name(customer), currency, connection).look_ups
    if (email := (customer.email or "").strip()) != "":
        return (Question(any_of=frozenset({LookUp("customer", "email", email)}), also=names, moot_with=key),)
    return (Question(any_of=names, moot_with=key),)


def choose_customer(customer: Customer | None, currency: str, books: Books) -> Chosen | Park:
    """Link, then e-mail, then name; exactly one is taken, none is made, anything else is asked about."""
    key = customer_key(customer, currency)
    link = books.links.get(key)
    if link is not None and link.rutter_id is not None:
        gone = None if link.seen is None else _gone(customer, key, link.seen)
        return gone or Chosen(id=Ref(key), why=f"customer {key}: linked")
    if customer is None or is_nameless(customer):
        return _cash(currency, books)
    wanted = wanted_customer(customer, told_name(customer), currency, books.connection)
    named = _fitting(wanted, books, *wanted.look_ups)
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


def _gone(customer: Customer | None, key: str, seen: Seen) -> Park | None:
    """Deleted, or archived, and no other one took its place: a link that was followed has nothing seen."""
    if seen.status not in {"deleted", "changed"}:
        return None
    name = "the cash customer" if customer is None or is_nameless(customer) else told_name(customer)
    done = "deleted" if seen.status == "deleted" else "archived"
    return Park(
        cause=Cause.EDITED_IN_BOOKS,
        subject=f"customer {name}",
        detail=f"{name} ({key}) was {done} in the books by somebody (seen {seen.at.date().isoformat()})",
        cure=("restore it" if done == "deleted" else "make it active again")
        + " in the books, or merge it into the customer that is to be invoiced; then: ledgerhook release",
    )


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
    wanted = wanted_customer(None, base or str(cash), currency, connection)
    names = wanted.look_ups if cash.name else frozenset[LookUp]()
    fitting = [entry for entry in (*entries, *active(books, *names)) if fits_currency(entry, currency, connection)]
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


def _fitting(wanted: Wanted, books: Books, *look_ups: LookUp) -> tuple[Entry, ...]:
    return tuple(entry for entry in active(books, *look_ups) if fits_currency(entry, wanted.currency, books.connection))


def _found(wanted: Wanted, entry: Entry, why: str) -> Chosen:
    return Chosen(
        id=Ref(wanted.key),
        why=f"customer {wanted.plain_name}: {entry.name or entry.id} in the books, {why}",
        found=((wanted.key, entry),),
    )


def _made(wanted: Wanted, connection: Connection) -> Chosen:
    told = wanted.told
    body: dict[str, Any] = {"contact_name": wanted.name, "customer_name": wanted.name}
    if told is not None and (told.email or "").strip():
        body["email"] = (told.email or "").strip()
    if told is not None and (told.phone or "").strip():
        body["phone"] = (told.phone or "").strip()
    address = None if told is None else told.billing_address
    if address is not None and platform(connection.platform).has(Feature.CUSTOMER_ADDRESS):
        body["addresses"] = [{"type": "billing", **address.model_dump(exclude_none=True)}]
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


def _ambiguous(wanted: Wanted, entries: tuple[Entry, ...], why: str) -> Park:
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
