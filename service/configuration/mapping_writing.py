"""A connection's mapping as a configuration file says it: what `mapping_reading` reads, the other way round.

What is as it would be anyway is left out.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Final

from schemas.connections import Connection
from schemas.mapping import Items, Mapping, Named, Tracking, When

Value = str | int | bool | date | Named | dict[str, str] | dict[str, Named]
_ROLES: Final = (
    "fallback", "shipping", "tip", "discount", "rounding", "tax", "gift_card", "fee", "payment_reversal",
)  # fmt: skip


def connection_toml(connection: Connection) -> str:
    """`[connections.X]` of a connection that is linked: its mapping, its time zone and bounds, and no secret."""
    head: list[tuple[str, Value | None]] = [
        ("time_zone", connection.time_zone),
        ("home_currency", connection.home_currency),
    ]
    usual = Connection.__dataclass_fields__
    head += [
        (name, getattr(connection, name))
        for name in ("calls_per_minute", "calls_per_day", "in_flight", "hold_hours")
        if getattr(connection, name) != usual[name].default
    ]
    return mapping_toml(f"connections.{_key(connection.alias)}", connection.mapping, head)


def mapping_toml(table: str, mapping: Mapping, head: Iterable[tuple[str, Value | None]] = ()) -> str:
    """The mapping under `[table]`, after the lines of `head`."""
    lines = _table(f"[{table}]", [*head, *_flat(mapping)])
    lines += _table(f"[{table}.numbers]", mapping.numbers.by_source, omit=True)
    lines += _table(f"[{table}.payment_methods]", mapping.payment_methods, omit=True)
    lines += _items(f"{table}.items", mapping.items)
    for row in mapping.clearing:
        lines += _table(f"[[{table}.clearing]]", [*_when(row.when), ("account", row.account)])
    for rate in mapping.tax_rates:
        told: list[tuple[str, Value | None]] = [("code", rate.code), ("rate", rate.rate), ("use", rate.use)]
        lines += _table(f"[[{table}.tax_rates]]", [*_when(rate.when), *told])
    for tracked in mapping.tracking:
        lines += _tracking(f"[[{table}.tracking]]", tracked)
    return "\n".join(lines) + "\n"


def _flat(mapping: Mapping) -> list[tuple[str, Value | None]]:
    policies = mapping.policies
    return [
        ("receivable", mapping.receivable),
        ("income", mapping.income),
        ("tax_liability", mapping.tax_liability),
        ("cash_customer", mapping.cash_customer),
        ("tax", mapping.tax),
        ("terms", mapping.terms),
        ("due_days", mapping.due_days),
        ("number_prefix", mapping.numbers.prefix or None),
        ("refund_policy", policies.refund),
        ("overpayment", _unless(policies.overpayment, "park")),
        ("prepayment", _unless(policies.prepayment, "hold")),
        ("fees", _unless(policies.fees, "ignore")),
        ("chargeback", policies.chargeback),
        ("closed_books", policies.closed_books),
        ("closed_through", policies.closed_through),
    ]


def _items(table: str, items: Items) -> list[str]:
    flat: list[tuple[str, Value | None]] = [(role, getattr(items, role)) for role in _ROLES]
    flat += [
        ("match_sku", None if items.match_sku else False),
        ("require_mapping", items.require_mapping or None),
        ("create", items.create or None),
    ]
    lines = _table(f"[{table}]", flat, omit=True)
    lines += _table(f"[{table}.by_sku]", items.by_sku, omit=True)
    for rule in items.rules:
        lines += _table(f"[[{table}.rules]]", [*_when(rule.when), ("role", rule.role), ("item", rule.item)])
    return lines


def _tracking(table: str, tracked: Tracking) -> list[str]:
    when = [("when_tag" if name == "tag" else name, value) for name, value in _when(tracked.when)]
    return _table(
        table,
        [
            ("dimension", tracked.dimension),
            *when,
            ("tag", tracked.tag),
            ("values", dict(tracked.values) or None),
            ("otherwise", tracked.otherwise),
            ("required", tracked.required or None),
        ],
    )


def _when(when: When) -> list[tuple[str, Value | None]]:
    return [
        ("source", when.source),
        ("currency", when.currency),
        ("country", when.country),
        ("sku", when.sku),
        ("tag", None if when.tag is None else {when.tag[0]: when.tag[1]}),
        ("gateway", when.gateway),
        ("method", when.method),
    ]


def _unless(value: str, usual: str) -> str | None:
    return None if value == usual else value


def _table(header: str, pairs: Iterable[tuple[str, Value | None]], *, omit: bool = False) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in pairs if value is not None]
    return [] if omit and not lines else [*([] if header.count(".") < 2 else [""]), header, *lines]


def _value(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case str():
            return _text(value)
        case Named(name=str(name)):
            return _text(name)
        case Named(code=str(code)):
            return f"{{ code = {_text(code)} }}"
        case Named():
            return f"{{ id = {_text(value.id or '')} }}"
        case dict():
            return "{ " + ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items()) + " }"


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _text(name)
