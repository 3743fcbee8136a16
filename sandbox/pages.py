"""Lists in pages: sort, cursor, limit (Rutter: Pagination).

A cursor is the base64 of the sort value and the id of the next entity. Objects that move while a client pages are
seen where they are then, as with Rutter: sort by `last_synced_at ASC` to pull increments.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.exact import Json
from sandbox.refusals import Refusal, invalid_input
from sandbox.shelf import Entry

DEFAULT_LIMIT = 50
_SORTS = ("updated_at", "created_at", "last_synced_at")

Position = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one list call asks for."""

    limit: int
    field: str
    descending: bool
    cursor: Position | None

    def cut(self, entries: list[Entry]) -> tuple[list[Json], str | None]:
        """The bodies of this page and the next page's cursor."""
        placed = sorted(((self._position(entry), entry) for entry in entries), key=_first)
        if self.descending:
            placed.reverse()
        if self.cursor is not None:
            at = self.cursor
            placed = [pair for pair in placed if (pair[0] <= at if self.descending else pair[0] >= at)]
        bodies = [entry.shown for _, entry in placed[: self.limit] if entry.shown is not None]
        rest = placed[self.limit : self.limit + 1]
        return bodies, _written(rest[0][0]) if rest else None

    def _position(self, entry: Entry) -> Position:
        body = entry.shown or {}
        if self.field == "last_synced_at":
            return entry.synced_ms, body["id"]
        if self.field == "updated_at":
            return entry.shown_ms, body["id"]
        digits = "".join(char for char in str(body.get("created_at")) if char.isdigit())
        return int(digits or 0), body["id"]


def _first(pair: tuple[Position, Entry]) -> Position:
    return pair[0]


def read_page(query: Mapping[str, str], limit_maximum: int) -> Page | Refusal:
    """The page a query asks for, or why it cannot be read."""
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not limit.isdecimal() or not 1 <= int(limit) <= limit_maximum:
        return invalid_input(f"limit: expected a whole number from 1 to {limit_maximum}")
    words = query.get("sort", "updated_at DESC").split()
    field, direction = (words[0], words[1] if len(words) > 1 else "ASC") if words else ("", "")
    if field not in _SORTS or direction.upper() not in ("ASC", "DESC") or len(words) > 2:
        return invalid_input(f"sort: expected one of {', '.join(_SORTS)}, then ASC or DESC")
    cursor = query.get("cursor")
    position = _read(cursor) if cursor else None
    if cursor and position is None:
        return invalid_input("cursor: not one of ours")
    return Page(limit=int(limit), field=field, descending=direction.upper() == "DESC", cursor=position)


def _written(position: Position) -> str:
    return base64.urlsafe_b64encode(f"{position[0]}_{position[1]}".encode()).decode()


def _read(cursor: str) -> Position | None:
    try:
        value, _, object_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("_")
    except (binascii.Error, ValueError):
        return None
    return (int(value), object_id) if value.isdecimal() else None
