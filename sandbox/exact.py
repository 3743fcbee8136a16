"""JSON whose numbers stay decimal: read into Decimal, written back digit for digit. No binary float passes through."""

import json
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, NoReturn

import orjson

Json = dict[str, Any]

ZERO = Decimal(0)
_NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
)
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_QUANTA = {0: Decimal(1), 2: Decimal("0.01"), 3: Decimal("0.001")}
_WIDE = Context(prec=80)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def loads(raw: bytes) -> object:
    """Parse JSON; fractions become Decimal, integers int. Raises ValueError on anything that is not JSON."""
    try:
        return _DECODER.decode(raw.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error


def _number(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(plain(value))
    raise TypeError(f"{type(value).__name__} does not belong into an answer")


def dumps(value: object) -> bytes:
    """Serialise; a Decimal is written as a JSON number with exactly its digits."""
    return orjson.dumps(value, default=_number)


def plain(value: Decimal) -> str:
    """The digits of an amount, never in scientific notation: `12.30`, `-5`, `1000`."""
    return f"{value:f}"


def decimal(value: object) -> Decimal:
    """The Decimal of a JSON number or numeric string already known to be one."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def exponent(currency: str) -> int:
    """Decimals of an ISO 4217 currency."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def rounded(value: Decimal, currency: str) -> Decimal:
    """`value` rounded half away from zero to the currency's decimals."""
    return value.quantize(_QUANTA[exponent(currency)], rounding=ROUND_HALF_UP, context=_WIDE)


def fits(value: Decimal, currency: str) -> bool:
    """Whether `value` has no more decimals than its currency."""
    return value == rounded(value, currency)
