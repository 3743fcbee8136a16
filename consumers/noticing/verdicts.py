"""What comparing a document with the books can find."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.books import Seen


class What(StrEnum):
    """What was done to a document, as people say it."""

    EDITED = "edited"
    PAID = "paid by hand"
    UNPAID = "payment taken off by hand"
    VOID = "voided"
    DELETED = "deleted"
    REPLACED = "replaced"
    MERGED = "merged"
    ARCHIVED = "archived"
    RENUMBERED = "renumbered"
    RESTORED = "as we wrote it again"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: what, as we wrote it, as it is in the books."""

    field: str
    ours: str
    books: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Nobody did anything: what was seen before is brought up to date, quietly. None: it stands as we wrote it."""

    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A write of ours is under way, or Rutter's copy is older than our last one: that may explain it, look later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Somebody did something. `seen` is what later events are planned against; `by_hand` what people paid off it."""

    what: What
    differences: tuple[Difference, ...]
    seen: Seen | None
    by_hand: int = 0
    number: str | None = None


Verdict = Moved | Ambiguous | Noticed
