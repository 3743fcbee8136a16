"""All objects of one type in one company, twice: as the platform has them, and as Rutter's synced copy shows them.

Bodies are never changed in place: a change puts a new dict, so a copy that is behind keeps what it had.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.exact import Json


@dataclass(slots=True, kw_only=True)
class Entry:
    """One object. `live` is None once deleted, `shown` is None until synced."""

    live: Json | None
    shown: Json | None
    updated_ms: int
    shown_ms: int = 0
    synced_ms: int = 0
    idempotency_key: str | None = None


class Shelf:
    """Objects by id, in the order they were made, found quickly by the one field lists are filtered by."""

    def __init__(self, indexed: str | None = None) -> None:
        self.entries: dict[str, Entry] = {}
        self._indexed = indexed
        self._live_index: dict[str, dict[str, None]] = {}
        self._shown_index: dict[str, dict[str, None]] = {}
        self._behind: dict[str, None] = {}

    def get(self, object_id: str) -> Json | None:
        """The object as the platform has it now."""
        entry = self.entries.get(object_id)
        return entry.live if entry else None

    def put(self, body: Json, now_ms: int, *, fresh: bool, key: str | None = None) -> None:
        """Store or replace by `body["id"]`; `fresh` shows it in the copy at once. `key` is the Idempotency-Key."""
        object_id = body["id"]
        entry = self.entries.get(object_id)
        if entry is None:
            entry = self.entries[object_id] = Entry(live=None, shown=None, updated_ms=now_ms, idempotency_key=key)
        self._reindex(self._live_index, object_id, entry.live, body)
        entry.live = body
        entry.updated_ms = now_ms
        self._behind[object_id] = None
        if fresh:
            self._show(object_id, entry, now_ms, None)

    def remove(self, object_id: str, now_ms: int, *, fresh: bool) -> bool:
        """Delete from the platform; false when it was not there."""
        entry = self.entries.get(object_id)
        if entry is None or entry.live is None:
            return False
        self._reindex(self._live_index, object_id, entry.live, None)
        entry.live = None
        entry.updated_ms = now_ms
        self._behind[object_id] = None
        if fresh:
            self._show(object_id, entry, now_ms, None)
        return True

    def sync(self, as_of_ms: int, now_ms: int, stamp: str) -> list[str]:
        """Bring the copy up to what the platform had at `as_of_ms`; the ids of what changed in it."""
        moved = [one for one in self._behind if self.entries[one].updated_ms <= as_of_ms]
        for object_id in moved:
            self._show(object_id, self.entries[object_id], now_ms, stamp)
        return moved

    def live(self) -> Iterator[tuple[str, Entry, Json]]:
        """Every object the platform has."""
        for object_id, entry in self.entries.items():
            if entry.live is not None:
                yield object_id, entry, entry.live

    def live_with(self, value: str) -> list[str]:
        """Ids of the platform's objects whose indexed field is `value`."""
        return list(self._live_index.get(value, ()))

    def shown(self, value: str | None = None) -> list[Entry]:
        """The copy's objects, all or those whose indexed field is `value`."""
        if value is not None:
            return [self.entries[one] for one in self._shown_index.get(value, ())]
        return [entry for entry in self.entries.values() if entry.shown is not None]

    def first(self, fits: Callable[[Json], bool]) -> Json | None:
        """The first of the platform's objects that fits."""
        return next((body for _, _, body in self.live() if fits(body)), None)

    def _show(self, object_id: str, entry: Entry, now_ms: int, stamp: str | None) -> None:
        shown = entry.live
        if shown is not None and stamp is not None:
            shown = {**shown, "last_synced_at": stamp}
        self._reindex(self._shown_index, object_id, entry.shown, shown)
        entry.shown = shown
        entry.shown_ms = entry.updated_ms
        entry.synced_ms = now_ms
        self._behind.pop(object_id, None)

    def _reindex(
        self, index: dict[str, dict[str, None]], object_id: str, before: Json | None, after: Json | None
    ) -> None:
        if self._indexed is None:
            return
        old = before.get(self._indexed) if before else None
        new = after.get(self._indexed) if after else None
        if old == new:
            return
        if old is not None:
            index[old].pop(object_id, None)
        if new is not None:
            index.setdefault(new, {})[object_id] = None
