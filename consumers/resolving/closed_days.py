"""What a refusal for closed books teaches about how far they are closed."""

from calendar import monthrange
from datetime import date, timedelta
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


def taught(write: StoredWrite, said: str, known: date | None, today: date) -> date | None:
    """The day through which the books are closed at least; None where the refusal does not tell for certain.

    Where the platform names no day, it is the document's own date: but of a document that stands on others (a payment
    on an invoice of a closed month) theirs may be the reason. A document that was moved to the first day believed open
    (`known` and one) teaches that its whole month is closed: days are not gone through one by one. Today's books are
    never believed closed. A void has no date: it stands on its invoice's alone, which its look names.
    """
    own, told = own_date(write), latest_day(said)
    if own is None:
        return None
    if told is not None:
        through = told if told >= own else None
    elif write.kind in _ALONE:
        stepped = known is not None and known < date.max and own == known + timedelta(days=1)
        through = own.replace(day=monthrange(own.year, own.month)[1]) if stepped else own
    else:
        through = None
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
