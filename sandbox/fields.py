"""What a request body must look like, said as values: a shape is a table of fields, each with the check it must pass.

A check appends one line per problem to a list. Fields a shape does not name are let through unread, as Rutter's own
validators do.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeGuard

Check = Callable[[object, str, list[str]], None]

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,10})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LIMIT = 10**12


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a shape."""

    check: Check
    required: bool = False


def required(check: Check) -> Field:
    """A field that must be there and not null."""
    return Field(check, required=True)


def optional(check: Check) -> Field:
    """A field that may be absent or null."""
    return Field(check)


def text(value: object, path: str, problems: list[str]) -> None:
    """Any string."""
    if not isinstance(value, str):
        problems.append(f"{path}: expected a string")


def filled_text(value: object, path: str, problems: list[str]) -> None:
    """A string with something in it."""
    if not isinstance(value, str) or not value.strip():
        problems.append(f"{path}: expected a non-empty string")


def uuid(value: object, path: str, problems: list[str]) -> None:
    """A UUID string."""
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        problems.append(f"{path}: expected a UUID")


def currency(value: object, path: str, problems: list[str]) -> None:
    """A currency code in capitals."""
    if not isinstance(value, str) or _CURRENCY.fullmatch(value) is None:
        problems.append(f"{path}: expected an ISO 4217 currency code")


def boolean(value: object, path: str, problems: list[str]) -> None:
    """true or false."""
    if not isinstance(value, bool):
        problems.append(f"{path}: expected true or false")


def moment(value: object, path: str, problems: list[str]) -> None:
    """An ISO 8601 date, or date and time."""
    if not isinstance(value, str) or day(value) is None:
        problems.append(f"{path}: expected an ISO 8601 date")


def day(value: str) -> date | None:
    """The date part of an ISO 8601 string; None when it is not one."""
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value).date()
    except ValueError:
        return None


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """A JSON number of a size that books hold: under 10^12 either way, at most 20 decimals. bool does not count."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -20 and -_LIMIT < value < _LIMIT
    return isinstance(value, int) and not isinstance(value, bool) and -_LIMIT < value < _LIMIT


def number(value: object, path: str, problems: list[str]) -> None:
    """A JSON number; a numeric string is refused."""
    if not is_number(value):
        problems.append(f"{path}: expected a number")


def at_least_zero(value: object, path: str, problems: list[str]) -> None:
    """A JSON number that is not negative."""
    if not (is_number(value) and value >= 0):
        problems.append(f"{path}: expected a number of at least 0")


def above_zero(value: object, path: str, problems: list[str]) -> None:
    """A JSON number greater than zero."""
    if not (is_number(value) and value > 0):
        problems.append(f"{path}: expected a number greater than 0")


def amount_text(value: object, path: str, problems: list[str]) -> None:
    """A decimal number in a string; a JSON number is refused."""
    if not isinstance(value, str) or _AMOUNT.fullmatch(value) is None:
        problems.append(f"{path}: expected a string holding a decimal number")


def number_or_text(value: object, path: str, problems: list[str]) -> None:
    """A JSON number, or the same in a string."""
    if not is_number(value) and not (isinstance(value, str) and _AMOUNT.fullmatch(value)):
        problems.append(f"{path}: expected a number or a string holding one")


def one_of(*allowed: str) -> Check:
    """One of these strings, in exactly this case."""
    names = frozenset(allowed)

    def check(value: object, path: str, problems: list[str]) -> None:
        if value not in names:
            problems.append(f"{path}: expected one of {', '.join(allowed)}")

    return check


def shape(fields: Mapping[str, Field]) -> Check:
    """An object with these fields."""
    table = tuple(fields.items())

    def check(value: object, path: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            problems.append(f"{path}: expected an object")
            return
        for name, field in table:
            found = value.get(name)
            if found is not None:
                field.check(found, f"{path}.{name}", problems)
            elif field.required:
                problems.append(f"{path}.{name}: required")

    return check


def anything_by_name(value: object, path: str, problems: list[str]) -> None:
    """An object whose members are of any kind."""
    if not isinstance(value, dict):
        problems.append(f"{path}: expected an object")


def list_of(check_one: Check, *, at_least: int = 0) -> Check:
    """A list whose members all pass."""

    def check(value: object, path: str, problems: list[str]) -> None:
        if not isinstance(value, list):
            problems.append(f"{path}: expected a list")
            return
        if len(value) < at_least:
            problems.append(f"{path}: expected at least {at_least}")
        for index, one in enumerate(value):
            check_one(one, f"{path}[{index}]", problems)

    return check
