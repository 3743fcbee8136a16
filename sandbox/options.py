"""How one company's platform is set up: what a person chose there, or what Rutter's pages leave open about it.

Switches are one for the whole sandbox; these are one for each connection, and go before the switch of the same name.
"""

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Literal, get_args, get_type_hints

from sandbox.exact import Json

Arithmetic = Literal["accept", "refuse", "recompute"]
Duplicates = Literal["accept", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyOptions:
    """Members of `POST /_sandbox/connections`. None leaves a thing to the platform's rules or to the switch.

    `vat`: a QuickBooks company with VAT, which taxes by line. `default_tax`: name or id of the tax rate that Zoho Books
    chooses when a line names none. `number_length`: characters a document number may have. `calls_per_minute` and
    `calls_per_day`: writes the platform takes in `minute_seconds` and `day_seconds`. `customer_one_currency`: whether a
    customer is kept in one currency only. `ledger_invoices`: Dynamics 365 answers a new invoice as its ledger entry,
    without lines, until it is replaced. `number_override`: whether NetSuite lets a document name its number.
    """

    vat: bool = False
    default_tax: str | None = None
    number_length: int | None = None
    duplicate_numbers: Duplicates | None = None
    line_arithmetic: Arithmetic | None = None
    calls_per_minute: int | None = None
    calls_per_day: int | None = None
    minute_seconds: float = 60.0
    day_seconds: float = 86_400.0
    customer_one_currency: bool | None = None
    ledger_invoices: bool = False
    number_override: bool = True


OPTION_NAMES = frozenset(field.name for field in fields(CompanyOptions))
_HINTS = get_type_hints(CompanyOptions)


def read_options(asked: Json, base: CompanyOptions | None = None) -> CompanyOptions | str:
    """The options named in a control request on top of `base`, or the line that says which one does not fit.

    Members that are not options are for the caller to judge: OPTION_NAMES lists ours.
    """
    values: dict[str, object] = {}
    for name in OPTION_NAMES & set(asked):
        value = asked[name]
        wrong = _misfit(_HINTS[name], value)
        if wrong:
            return f"{name}: {value!r} does not fit; expected {wrong}"
        values[name] = float(str(value)) if _HINTS[name] is float else value
    return replace(base or CompanyOptions(), **values)  # type: ignore[arg-type]  # each was checked against its hint


def _misfit(hint: object, value: object) -> str | None:
    """What was expected, if the value is something else."""
    kinds = [kind for kind in get_args(hint) if kind is not type(None)] or [hint]
    if value is None and type(None) in get_args(hint):
        return None
    choices = get_args(kinds[0])
    if choices:
        return None if value in choices else " or ".join(choices)
    if kinds[0] is bool:
        return None if isinstance(value, bool) else "true or false"
    if kinds[0] is str:
        return None if isinstance(value, str) and value.strip() else "a name"
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or value <= 0:
        return "a number above 0"
    return "a whole number" if kinds[0] is int and not isinstance(value, int) else None
