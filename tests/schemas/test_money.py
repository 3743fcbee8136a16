"""Money: exact both ways, and splitting loses no unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.money import EXPONENTS, MAX_MINOR, Money, allocate, major_units, minor_units

MINORS = st.integers(-MAX_MINOR, MAX_MINOR)
CURRENCIES = st.sampled_from(["JPY", "USD", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("major", "currency", "minor"),
    [
        ("12.34", "USD", 1234),
        ("12.3", "USD", 1230),
        ("12.345", "USD", None),
        ("100.00", "JPY", 100),
        ("100.5", "JPY", None),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        ("-0.01", "EUR", -1),
        ("NaN", "USD", None),
        ("Infinity", "USD", None),
        ("1E+30", "USD", None),
        ("1E-40", "USD", None),
        ("0E+999999", "USD", None),
        ("10000000000000.01", "USD", None),
        ("1.00000000000000000000000000001", "USD", None),
        ("12.340000000000000000000000000000", "USD", 1234),
        ("0.999999999999999999999999999999", "JPY", None),
    ],
)
def test_major_units_become_minor_units_or_nothing(major: str, currency: str, minor: int | None) -> None:
    assert minor_units(Decimal(major), currency) == minor


def test_known_exponents() -> None:
    assert [EXPONENTS[code] for code in ("USD", "EUR", "JPY", "KRW", "KWD", "BHD", "CLF", "ISK", "HUF")] == [
        2, 2, 0, 0, 3, 3, 4, 0, 2,
    ]  # fmt: skip


@given(MINORS, CURRENCIES)
def test_there_and_back(minor: int, currency: str) -> None:
    assert minor_units(major_units(minor, currency), currency) == minor


@given(MINORS, CURRENCIES, st.integers(1, 10**30 - 1), st.integers(1, 30))
def test_a_trace_beyond_the_last_digit_is_never_rounded_away(
    minor: int, currency: str, trace: int, digits: int
) -> None:
    exponent = EXPONENTS[currency]
    beyond = f"{trace:030}"[-digits:].rstrip("0")
    whole = f"{abs(minor):0{exponent + 1}}"
    left, right = (whole[:-exponent], whole[-exponent:]) if exponent else (whole, "")
    major = Decimal(f"{'-' if minor < 0 else ''}{left}.{right}{beyond}")
    assert minor_units(major, currency) == (None if beyond else minor)


def test_reads_as_people_write_it() -> None:
    assert [str(Money(1200, code)) for code in ("USD", "JPY", "KWD")] == ["12.00 USD", "1200 JPY", "1.200 KWD"]


@pytest.mark.parametrize(("minor", "currency"), [(1, "usd"), (1, "XXX"), (1, ""), (MAX_MINOR + 1, "USD")])
def test_what_cannot_be_money_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(ValueError, match=r"currency|amount"):
        Money(minor, currency)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [0, 0], [5, 0]),
        (7, [2, 1], [5, 2]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_allocation_by_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    assert allocate(total, weights) == parts


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_allocation_never_loses_a_unit(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))


def test_nothing_to_allocate_to_is_a_bug() -> None:
    with pytest.raises(ValueError, match="nothing"):
        allocate(1, [])
