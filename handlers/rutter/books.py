"""Callbacks about the books: which document or list changed, and nothing of what the body says it is now.

Their bodies are documented nowhere in full, of deletions not at all (Rutter: Webhooks). So the code says the object and
the change, and only the object's id is read, where it stands under the object's own name.
"""

import re
from typing import Final, get_args

from handlers.fields import Field
from schemas.deliveries import BookObject, BooksChanged, Change, ListChanged, ListObject

_CODE: Final = re.compile(r"([A-Z][A-Z_]*)_(CREATED|UPDATED|DELETED)")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_DOCUMENTS: Final[dict[str, BookObject]] = {name.upper(): name for name in get_args(BookObject)} | {
    "ACCOUNTING_CUSTOMER_REFUND": "customer_refund"
}
_LISTS: Final[dict[str, ListObject]] = {name.upper(): name for name in get_args(ListObject)}
_CHANGES: Final[dict[str, Change]] = {name.upper(): name for name in get_args(Change)}


def read(code: str, body: Field) -> BooksChanged | ListChanged | None:
    """What changed, or None for a code of something else."""
    parts = _CODE.fullmatch(code)
    if parts is None:
        return None
    name, change = parts.groups()
    if name in _LISTS:
        return ListChanged(body.get("connection_id").own_identifier(), _LISTS[name])
    if name not in _DOCUMENTS:
        return None
    return BooksChanged(
        rutter_connection_id=body.get("connection_id").own_identifier(),
        object=_DOCUMENTS[name],
        object_id=_identifier(body.get(name.lower())) or _identifier(body.get(_DOCUMENTS[name])),
        what=_CHANGES[change],
    )


def _identifier(thing: Field) -> str | None:
    """The id of the one object told, alone or as a list of one."""
    value = thing.value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    identifier = value.get("id") if isinstance(value, dict) else None
    return identifier if isinstance(identifier, str) and _ID.fullmatch(identifier) else None
