"""One thing the doctor looked at, and what it found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "note", "wrong", "skipped"]
"""`note`: works, and somebody should know. `skipped`: could not be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`cure` is what to do, one line; none is needed where all is good."""

    state: State
    what: str
    says: str
    cure: str | None = None


def good(what: str, says: str) -> Finding:
    """As it should be."""
    return Finding("good", what, says)


def note(what: str, says: str, cure: str | None = None) -> Finding:
    """It works so, and somebody should know."""
    return Finding("note", what, says, cure)


def wrong(what: str, says: str, cure: str) -> Finding:
    """It will not work."""
    return Finding("wrong", what, says, cure)


def skipped(what: str, says: str) -> Finding:
    """Could not be looked at."""
    return Finding("skipped", what, says)
