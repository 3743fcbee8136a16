"""`account.requested` and `item.requested`: what is in the books already is linked, what is not is made."""

from collections.abc import Iterable
from typing import Any

from consumers.planning.questions import Question
from schemas.addition_events import AccountRequested, ItemRequested
from schemas.additions import RequestedAccount, RequestedItem
from schemas.books import Books, Entry, LookUp, References
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Ref, Write
from schemas.envelope import natural_key
from schemas.plans import Cause, Hold, Park, Plan, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_UNTOLD = frozenset({None, "unknown"})


def requested_references(event: AccountRequested | ItemRequested) -> References:
    """What is read of our own."""
    account = _account_of(event)
    return References(links=frozenset({event.key} if account is None else {event.key, account}))


def requested_questions(event: AccountRequested | ItemRequested) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    name, code = _look_ups(event)
    return (Question(any_of=frozenset({name}), also=frozenset(code), moot_with=event.key),)


def plan_account(event: AccountRequested, books: Books) -> Plan:
    """The one of that name, type and currency; else a new one."""
    wanted = event.data.account
    found = _found(event, books)
    fitting = [entry for entry in found if entry.active and _fits(entry, wanted)]
    if event.key in books.links:
        return Post(())
    if len(fitting) == 1 and _is_named(fitting[0], wanted.name):
        return Post((), found=((event.key, fitting[0]),))
    what = f"a {wanted.account_type.replace('_', ' ')} account {wanted.name!r} in {wanted.currency}"
    if found:
        return _ambiguous("account", what, wanted.name, found)
    return _cannot(Feature.CREATE_ACCOUNTS, what, books.connection) or Post((_account(event, books.connection),))


def plan_item(event: ItemRequested, books: Books) -> Plan:
    """The one of that name; else a new one, once its account is there."""
    wanted = event.data.item
    found = _found(event, books)
    fitting = [entry for entry in found if entry.active]
    if event.key in books.links:
        return Post(())
    if len(fitting) == 1 and _is_named(fitting[0], wanted.name):
        return Post((), found=((event.key, fitting[0]),))
    what = f"an item {wanted.name!r}"
    if found:
        return _ambiguous("item", what, wanted.name, found)
    cannot = _cannot(Feature.CREATE_ITEMS, what, books.connection)
    if cannot is not None:
        return cannot
    account = _account_of(event)
    if account is not None and account not in books.links:
        return Hold(account, f"the account of the item {wanted.name!r} is not in the books yet")
    return Post((_item(event, books.connection),))


def _account(event: AccountRequested, connection: Connection) -> Write:
    """Rutter: Create an account."""
    wanted: RequestedAccount = event.data.account
    body: dict[str, Any] = {
        "name": wanted.name.strip(),
        "account_type": wanted.account_type,
        "currency_code": wanted.currency,
    }
    if wanted.nominal_code is not None:
        body["nominal_code"] = wanted.nominal_code
    return Write(
        key=event.key,
        kind=DocumentKind.ACCOUNT,
        body=body,
        total=None,
        look=Look(name=wanted.name.strip()),
        why=(
            f"account {wanted.name!r} for {wanted.role}: not in the books, made",
            platform(connection.platform).why(Feature.CREATE_ACCOUNTS),
        ),
    )


def _item(event: ItemRequested, connection: Connection) -> Write:
    """The fields of Rutter's answer (Rutter: Items; the create body is published with the same names)."""
    wanted: RequestedItem = event.data.item
    body: dict[str, Any] = {"name": wanted.name.strip(), "type": "service"}
    if wanted.code is not None:
        body["code"] = wanted.code
    account = _account_of(event)
    if account is not None:
        body["invoice_item"] = {"account_id": Ref(account)}
    elif wanted.account_id is not None:
        body["invoice_item"] = {"account_id": wanted.account_id}
    return Write(
        key=event.key,
        kind=DocumentKind.ITEM,
        body=body,
        total=None,
        look=Look(name=wanted.name.strip()),
        why=(
            f"item {wanted.name!r} for {wanted.role}: not in the books, made",
            platform(connection.platform).why(Feature.CREATE_ITEMS),
        ),
    )


def _account_of(event: AccountRequested | ItemRequested) -> str | None:
    """The natural key of the account that a requested item is booked on, where that was requested as well."""
    if isinstance(event, AccountRequested) or event.data.item.account_role is None:
        return None
    return natural_key("account", event.data.item.account_role)


def _look_ups(event: AccountRequested | ItemRequested) -> tuple[LookUp, tuple[LookUp, ...]]:
    """By name; and by code, where one is asked for."""
    if isinstance(event, AccountRequested):
        kind, name, code = "account", event.data.account.name, event.data.account.nominal_code
    else:
        kind, name, code = "item", event.data.item.name, event.data.item.code
    return LookUp(kind, "name", name), () if code is None else (LookUp(kind, "code", code),)


def _found(event: AccountRequested | ItemRequested, books: Books) -> tuple[Entry, ...]:
    """Everything that has the name or the code, in use or not: a second one beside it would be taken for it."""
    name, code = _look_ups(event)
    return tuple({entry.id: entry for look_up in (name, *code) for entry in books.found.get(look_up, ())}.values())


def _fits(entry: Entry, wanted: RequestedAccount) -> bool:
    return entry.type in _UNTOLD | {wanted.account_type} and entry.currency in {None, wanted.currency}


def _is_named(entry: Entry, name: str) -> bool:
    return (entry.name or "").strip().casefold() == name.strip().casefold()


def _ambiguous(kind: str, what: str, name: str, found: Iterable[Entry]) -> Park:
    there = ", ".join(_spoken(entry) for entry in found)
    return Park(
        cause=Cause.AMBIGUOUS,
        subject=f"{kind} {name}",
        detail=f"{what} is asked for, and the books have {there}",
        cure=f"name the right one in the mapping by its id, or ask for the {kind} under another name",
    )


def _spoken(entry: Entry) -> str:
    parts = (entry.type and entry.type.replace("_", " "), entry.currency, None if entry.active else "not in use")
    told = ", ".join(part for part in parts if part)
    return f"{entry.name!r}{f' ({told})' if told else ''}"


def _cannot(feature: Feature, what: str, connection: Connection) -> Park | None:
    known = platform(connection.platform)
    if known.may(feature):
        return None
    return Park(
        cause=Cause.NOT_SUPPORTED,
        subject=f"{feature.value} on {known.title}",
        detail=f"{what} is asked for: {known.why(feature)}",
        cure="make it by hand in the books, then release: it is found by its name",
    )
