"""Days in what a platform says: only those that can be read in one way."""

import re
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_ISO: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_FIRST: Final = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}[ -,]+(\d{{4}})\b")
_MONTH_FIRST: Final = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b")
_SLASHES: Final = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


def latest_day(text: str) -> date | None:
    """The latest day that the text names; None where it names none for certain."""
    said = text.casefold()
    found = [_day(year, month, day) for year, month, day in _ISO.findall(said)]
    found += [_day(year, _month(name), day) for day, name, year in _DAY_FIRST.findall(said)]
    found += [_day(year, _month(name), day) for name, day, year in _MONTH_FIRST.findall(said)]
    found += [_either(first, second, year) for first, second, year in _SLASHES.findall(said)]
    return max((day for day in found if day is not None), default=None)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _either(first: str, second: str, year: str) -> date | None:
    """1/31/2026 and 31/1/2026 are one day; 2/1/2026 may be either of two."""
    ways = {_day(year, first, second), _day(year, second, first)} - {None}
    return ways.pop() if len(ways) == 1 else None


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
