"""Options of one company that do not fit, and when the windows of its quotas begin."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.options import CompanyOptions, read_options
from sandbox.quotas import Quota


def test_a_window_begins_with_its_first_write() -> None:
    quota, begin = Quota(), datetime(2026, 1, 1, tzinfo=UTC)
    options = CompanyOptions(calls_per_minute=2, calls_per_day=3, minute_seconds=60, day_seconds=600)
    moments = [0, 59, 59, 60, 61, 599, 600]

    taken = [quota.spend(options, begin + timedelta(seconds=moment)) for moment in moments]
    assert taken == [True, True, False, True, False, False, True]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"vat": 1}, "vat: 1 does not fit; expected true or false"),
        ({"calls_per_day": 1.5}, "calls_per_day: 1.5 does not fit; expected a whole number"),
        ({"day_seconds": 0}, "day_seconds: 0 does not fit; expected a number above 0"),
        ({"duplicate_numbers": "no"}, "duplicate_numbers: 'no' does not fit; expected accept or refuse"),
        ({"default_tax": " "}, "default_tax: ' ' does not fit; expected a name"),
    ],
)
def test_options_that_do_not_fit(asked: dict[str, object], wrong: str) -> None:
    assert read_options(asked) == wrong
