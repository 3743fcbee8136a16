"""What comes of the answers: a mapping, and what is to be made in the books first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from schemas.connections import Connection
from schemas.mapping import EVERYTHING, Clearing, Items, Named, Policies, Tracking, When
from schemas.mapping import Mapping as BooksMapping
from service.setup.accounts import only_gateway
from service.setup.items import ROLES
from service.setup.slot import Make, Value


@dataclass(frozen=True, slots=True)
class Outcome:
    """The connection as it would be declared, and what has to be made, accounts before the items on them."""

    connection: Connection
    makes: tuple[Make, ...]

    @property
    def to_be_made(self) -> frozenset[str]:
        """Their names."""
        return frozenset(one.name for one in self.makes)


def outcome(connection: Connection, values: Mapping[str, Value]) -> Outcome:
    """Everything that was answered; what was not asked about stays."""
    found = connection.mapping
    mapping = replace(
        found,
        receivable=_named(values["receivable"]),
        income=_named(values["income"]),
        tax_liability=_named(values["tax_liability"]),
        clearing=_clearing(found, values),
        items=_items(found.items, values),
        cash_customer=_named(values["cash_customer"]),
        tax=_word(values["tax"]),
        terms=_named(values["terms"]) if "terms" in values else found.terms,
        due_days=int(days) if isinstance(days := values["due_days"], str) and days else None,
        numbers=replace(found.numbers, prefix=_word(values["number_prefix"]) or ""),
        tracking=_tracking(found, values),
        policies=_policies(found.policies, values),
    )
    zone = _word(values["time_zone"]) or connection.time_zone
    return Outcome(replace(connection, mapping=mapping, time_zone=zone), tuple(_makes(values)))


def _clearing(found: BooksMapping, values: Mapping[str, Value]) -> tuple[Clearing, ...]:
    kept = [row for row in found.clearing if row.when != EVERYTHING and not only_gateway(row.when)]
    asked = [
        Clearing(account=named, when=When(gateway=key.removeprefix("clearing.")))
        for key, value in values.items()
        if key.startswith("clearing.") and (named := _named(value)) is not None
    ]
    other = _named(values["clearing"])
    return (*kept, *asked, *(() if other is None else (Clearing(account=other),)))


def _items(found: Items, values: Mapping[str, Value]) -> Items:
    asked: dict[str, Any] = {role.key: _named(values[f"items.{role.key}"]) for role in ROLES}
    return replace(found, **asked)


def _tracking(found: BooksMapping, values: Mapping[str, Value]) -> tuple[Tracking, ...]:
    """A rule that still says what it said is kept whole, with what is not asked about."""
    before = {one.dimension: one for one in found.tracking}
    asked = {key.removeprefix("tracking."): value for key, value in values.items() if key.startswith("tracking.")}
    rules = [one for one in found.tracking if one.dimension not in asked]
    for dimension, value in asked.items():
        known = before.get(dimension)
        if isinstance(value, str) and value.startswith("tag:"):
            tag = value.removeprefix("tag:").strip()
            rules.append(known if known is not None and known.tag == tag else Tracking(dimension=dimension, tag=tag))
        elif (named := _named(value)) is not None:
            same = known is not None and known.tag is None and known.otherwise == named
            rules.append(known if same and known is not None else Tracking(dimension=dimension, otherwise=named))
    return tuple(rules)


def _policies(found: Policies, values: Mapping[str, Value]) -> Policies:
    closed = _word(values["closed_through"])
    told: dict[str, Any] = {
        "refund": _word(values["refund_policy"]),
        "chargeback": _word(values["chargeback"]),
        "overpayment": _word(values["overpayment"]) or found.overpayment,
        "prepayment": _word(values["prepayment"]) or found.prepayment,
        "closed_books": _word(values["closed_books"]) or found.closed_books,
        "closed_through": None if closed is None else date.fromisoformat(closed),
    }
    return replace(found, **told)


def _makes(values: Mapping[str, Value]) -> Iterator[Make]:
    """Each once, an item after its account."""
    seen: set[tuple[str | None, str]] = set()
    for value in values.values():
        wanted = (value.account, value) if isinstance(value, Make) else ()
        for one in wanted:
            if isinstance(one, Make) and (one.account_type, one.name) not in seen:
                seen.add((one.account_type, one.name))
                yield one


def _named(value: Value) -> Named | None:
    return value.named if isinstance(value, Make) else value if isinstance(value, Named) else None


def _word(value: Value) -> Any:  # noqa: ANN401 - one of the words that a policy's type lists, checked by its slot
    return value or None if isinstance(value, str) else None
