"""Plans: the pure answer to "what should be in the books because of this event"."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.books import Entry
from schemas.documents import Write


class Cause(StrEnum):
    """Why something waits for a person. One cure releases everything of one fingerprint (cause and subject)."""

    UNREADABLE = "unreadable"
    DOES_NOT_TIE = "does not tie"
    CONFLICTING_TELLINGS = "conflicting tellings"
    UNMAPPED_ITEM = "unmapped item"
    UNMAPPED_ACCOUNT = "unmapped account"
    UNMAPPED_CUSTOMER = "unmapped customer"
    AMBIGUOUS = "ambiguous"
    NO_REFUND_POLICY = "no refund policy"
    UNMAPPED_TAX = "unmapped tax"
    UNMAPPED_TRACKING = "unmapped tracking"
    UNMAPPED_TERMS = "unmapped terms"
    UNMAPPED_METHOD = "unmapped payment method"
    NO_POLICY = "no policy"
    CLOSED_BOOKS = "closed books"
    NUMBER_TAKEN = "document number taken"
    NAME_TAKEN = "name taken"
    INACTIVE = "inactive in the books"
    EXCEEDS_OPEN = "exceeds what is open"
    EDITED_IN_BOOKS = "edited in the books"
    UNSUPPORTED_CURRENCY = "currency not kept"
    ATTACHMENT_REFUSED = "attachment refused"
    MARKETPLACE_TAX = "marketplace tax"
    OVERPAYMENT = "overpayment"
    EXCEEDS_ORDER = "exceeds order"
    NOT_SUPPORTED = "not supported"
    REFUSED = "refused by the books"
    WRITTEN_DIFFERENT = "written different"
    IN_DOUBT = "in doubt"
    PERHAPS_THERE = "perhaps in the books already"
    HOLD_EXPIRED = "hold expired"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Post:
    """These documents, in this order; each is intended, posted and resolved on its own."""

    writes: tuple[Write, ...]
    found: tuple[tuple[str, Entry], ...] = ()
    """Natural key -> what is in the books already and is to be linked to it, before the first write is frozen."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Waits for what `awaits` (a natural key in the event's namespace) will make, by itself."""

    awaits: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing is to be in the books for it, on purpose."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """Waits for a person. `subject` names the thing to cure ("item SHIRT-M"), so that one cure releases its like."""

    cause: Cause
    subject: str
    detail: str
    cure: str

    @property
    def fingerprint(self) -> str:
        """What parked events that one cure releases have in common."""
        return f"{self.cause.value}: {self.subject}" if self.subject else self.cause.value


Plan = Post | Hold | Skip | Park
