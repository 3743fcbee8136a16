"""What a refusal for closed books teaches about how far they are closed."""

from datetime import date
from typing import Final

from consumers.resolving.told_dates import latest_day
from schemas import exact_json
from schemas.documents import DocumentKind
from schemas.writes import StoredWrite

_DATED: Final = ("issue_date", "txn_date", "transaction_date")
_ALONE: Final = frozenset(
    {DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO, DocumentKind.CUSTOMER_REFUND, DocumentKind.INVOICE_VOID}
)
"""What stands on no other document, and a void, which is its invoice: only one date can be the reason."""


def taught(write: StoredWrite, said: str, today: date) -> date | None:
    """The day through which the books are closed at least; None where the refusal does not tell for certain.

    Where the platform names no day, it is the document's own date: but of a document that stands on others (a payment
    on an invoice of a closed month) theirs may be the reason. No more is learned than is proven, so that nothing
    open is dated anew: a document moved to the first day believed open may be refused again, and goes on by a day.
    Today's books are never believed closed. A void has no date: it stands on its invoice's, which its look names.
    """
    own, told = own_date(write), latest_day(said)
    if own is None:
        return None
    proven = write.kind in _ALONE if told is None else told >= own
    through = (told or own) if proven else None
    return through if through is not None and through < today else None


def own_date(write: StoredWrite) -> date | None:
    """The date in the body, of a void the one of its invoice; None where it has none (applications)."""
    if write.kind is DocumentKind.INVOICE_VOID:
        return None if write.look.date is None else date.fromisoformat(write.look.date)
    value = exact_json.loads(write.body)
    fields = value.get(write.kind.wrapper) if isinstance(value, dict) else None
    told = [fields.get(name) for name in _DATED] if isinstance(fields, dict) else []
    for text in told:
        if isinstance(text, str):
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                return None
    return None
