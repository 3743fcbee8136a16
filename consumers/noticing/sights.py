"""Both sides of the comparison: a document as we wrote it, and as it is in the books now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.books import Seen
from schemas.documents import DocumentKind
from schemas.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A document of ours as far as we know it.

    `customers`: ids under which it is ours, the one we wrote and what a merged one became. `taken`, `pending`: what our
    payments and credits took off it (minor units), known to be in the books and not known. `settles`: of a payment, by
    the id of each invoice, what it took off it. `voided`: by us. `by_hand`: what people are known to have paid off it.
    """

    kind: DocumentKind
    total: Money | None
    customers: frozenset[str] = frozenset()
    number: str | None = None
    taken: int = 0
    pending: int = 0
    settles: Mapping[str, int] = field(default_factory=dict)
    voided: bool = False
    by_hand: int = 0
    touched_at: datetime | None = None
    """When our last write that changes it was sent: a copy from before shows it as it was."""
    seen: Seen | None = None
    number_seen: str | None = None
    """Another document number than ours that was noticed before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InBooks:
    """The document as the books show it; None is what they do not tell."""

    total: Money | None
    open_minor: int | None = None
    void: bool = False
    """As the platform says it; some have a void invoice read back as paid, with zero totals."""
    customer: str | None = None
    number: str | None = None
    settles: Mapping[str, int] | None = None
    archived: bool = False
    synced_at: datetime | None = None
    """When Rutter last read it from the platform."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The books do not know its id any more."""
