"""Sealing, and reading keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sealing import (
    BadKeys,
    KeyRing,
    SealError,
    generate,
    open_delivery,
    parse_keys,
    seal_delivery,
)

ONE = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
TWO = "k2:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="


def ring(text: str) -> KeyRing:
    found = parse_keys(text)
    assert isinstance(found, KeyRing), found
    return found


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_only_where_it_belongs(plain: bytes, bound: str) -> None:
    sealed = ring(ONE).seal(plain, bound)

    assert ring(f"{TWO},{ONE}").open(sealed, bound) == plain
    with pytest.raises(SealError):
        ring(ONE).open(sealed, bound + "x")
    with pytest.raises(SealError):
        ring(TWO).open(sealed, bound)
    with pytest.raises(SealError):
        ring(ONE).open(sealed[:-1] + bytes([sealed[-1] ^ 1]), bound)


def test_no_two_seals_are_alike_and_no_key_is_shown() -> None:
    keys = ring(f"{ONE},{TWO}")

    assert keys.seal(b"x", "a") != keys.seal(b"x", "a")
    assert repr(keys) == "KeyRing(k1, k2)"


def test_resealing_takes_the_first_key() -> None:
    old = ring(ONE).seal(b"x", "a")
    new = ring(f"{TWO},{ONE}")

    again = new.reseal(old, "a")

    assert again is not None
    assert ring(TWO).open(again, "a") == b"x"
    assert new.reseal(again, "a") is None


def test_a_new_key_can_be_read() -> None:
    assert repr(ring(generate("2026-11"))) == "KeyRing(2026-11)"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "key 1 must read name:base64, with a short ASCII name"),
        ("AAAA", "key 1 must read name:base64, with a short ASCII name"),
        (f"{ONE},nä:AAAA", "key 2 must read name:base64, with a short ASCII name"),
        (f"{ONE},{ONE}", "two keys are named k1"),
        ("k:not base64!", "the key k is not base64"),
        ("k:AAAA", "the key k has 3 bytes; it must have 32"),
    ],
)
def test_wrong_keys_are_told_without_repeating_them(text: str, reason: str) -> None:
    assert parse_keys(text) == BadKeys(reason)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + bytes(40), b"\x01\xff" + bytes(40)])
def test_what_is_no_sealed_value_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealError):
        ring(ONE).open(sealed, "a")


def test_a_delivery_is_kept_whole() -> None:
    keys = ring(ONE)
    sealed = seal_delivery(keys, "d1", {"content-type": "a/b", "x-name": "Zoë"}, b"\x00body")

    assert open_delivery(keys, "d1", sealed) == ({"content-type": "a/b", "x-name": "Zoë"}, b"\x00body")
    with pytest.raises(SealError):
        open_delivery(keys, "d2", sealed)
