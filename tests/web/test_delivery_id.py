"""Names of deliveries."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.web.delivery_id import CHANCE_BYTES, delivery_id

AT = datetime(2026, 11, 2, 10, 15, 3, 250_000, tzinfo=UTC)
CHANCE = st.binary(min_size=CHANCE_BYTES, max_size=CHANCE_BYTES)


def test_it_is_written_as_rfc_9562_says() -> None:
    # 2026-11-02T10:15:03.250Z is 1793614503250 ms after 1970: 0x1a19bc15d52.
    assert delivery_id(AT, b"\xff" * 10) == "01a19bc1-5d52-7fff-bfff-ffffffffffff"


@given(CHANCE)
def test_it_is_a_uuid_of_version_7(chance: bytes) -> None:
    made = UUID(delivery_id(AT, chance))

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1_793_614_503_250


@given(CHANCE, CHANCE)
def test_later_ones_sort_after(one: bytes, other: bytes) -> None:
    assert delivery_id(AT, one) < delivery_id(AT + timedelta(milliseconds=1), other)
