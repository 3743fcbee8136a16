"""JSON that keeps numbers exact and fails in one way."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import exact_json
from schemas.exact_json import BadJson


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":0.1}', {"a": Decimal("0.1")}),
        (b"[12.30]", [Decimal("12.30")]),
        (b"[18446744073709551617]", [18446744073709551617]),
        (b"[1e2]", [Decimal("1E+2")]),
        ('{"a":"\u00e9"}'.encode(), {"a": "\u00e9"}),
    ],
)
def test_numbers_stay_exact(body: bytes, value: Any) -> None:
    read = exact_json.loads(body)
    assert read == value
    assert not any(isinstance(number, float) for number in (read if isinstance(read, list) else []))


@pytest.mark.parametrize(
    ("body", "reason", "is_json"),
    [
        (b'{"a":1,"a":2}', "the key 'a' occurs twice in one object", True),
        (b"[NaN]", "NaN is no JSON number", True),
        (b"[-Infinity]", "-Infinity is no JSON number", True),
        (b"[" * 65 + b"]" * 65, "nested deeper than 64", True),
        (b"[" * 10_000, "nested deeper than 64", True),
        (b"[" + b"9" * 5_000 + b"]", "a number with too many digits", True),
        (b"[0." + b"9" * 5_000 + b"]", "a number with too many digits", True),
        (b"[1e99999999999999999999]", "a number with too many digits", True),
        (b"[-1e-99999999999999999999]", "a number with too many digits", True),
        (b"[1e999999999]", "a number with too many digits", True),
        (b"[1e-401]", "a number with too many digits", True),
        (b"\xff\xfe", "not UTF-8", False),
        (b"", "not JSON", False),
        (b"{", "not JSON", False),
        (b"hello", "not JSON", False),
    ],
)
def test_one_way_to_fail(body: bytes, reason: str, is_json: bool) -> None:
    assert exact_json.loads(body) == BadJson(reason, is_json=is_json)


def test_nesting_inside_strings_does_not_count() -> None:
    assert exact_json.loads(b'["' + b"[" * 500 + b'\\""]') == ["[" * 500 + '"']


def test_sixty_four_deep_is_allowed() -> None:
    assert not isinstance(exact_json.loads(b"[" * 64 + b"]" * 64), BadJson)


def test_a_decimal_is_written_as_the_number_it_is() -> None:
    assert exact_json.dumps({"a": Decimal("12.30"), "b": Decimal("1E+2"), "c": [1, "x", None]}) == (
        b'{"a":12.30,"b":100,"c":[1,"x",null]}'
    )


def test_a_float_is_never_written_by_accident() -> None:
    with pytest.raises(TypeError):
        exact_json.dumps({"a": object()})


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(body: bytes) -> None:
    exact_json.loads(body)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_agrees_with_the_standard_library(value: Any) -> None:
    assert exact_json.loads(json.dumps(value).encode()) == value
