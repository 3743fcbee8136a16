"""Questions to the merchant's lists, and answers to them by name, code or id."""

from dataclasses import dataclass

from schemas.books import Books, Entry, LookUp
from schemas.mapping import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Answered when any of `any_of` is found; moot once the natural key `moot_with` is linked.

    `also` is looked up with it, and not missed when it is not there.
    """

    any_of: frozenset[LookUp]
    also: frozenset[LookUp] = frozenset()
    moot_with: str | None = None

    def unanswered(self, books: Books) -> frozenset[str]:
        """The objects whose lists should be read anew before their silence is believed."""
        if self.moot_with in books.links or any(books.found.get(look_up) for look_up in self.any_of):
            return frozenset()
        return frozenset(look_up.object for look_up in self.any_of)


def look_up_named(kind: str, named: Named) -> LookUp:
    """How something named in the mapping is looked up. `kind`: customer, item, account."""
    if named.id is not None:
        return LookUp(kind, "id", named.id)
    if named.code is not None:
        return LookUp(kind, "code", named.code)
    return LookUp(kind, "name", named.name or "")


def ask_named(kind: str, named: Named) -> Question:
    """As a question."""
    return Question(any_of=frozenset({look_up_named(kind, named)}))


def active(books: Books, *look_ups: LookUp) -> tuple[Entry, ...]:
    """What these look-ups found that is in use, each entry once."""
    by_id = {entry.id: entry for look_up in look_ups for entry in books.found.get(look_up, ()) if entry.active}
    return tuple(by_id.values())


def answers(kind: str, named: Named, books: Books) -> tuple[Entry, ...]:
    """The entries that a mapping's name means. An id is taken at its word, even where our copy of the list lacks it."""
    look_up = look_up_named(kind, named)
    if named.id is not None and not books.found.get(look_up):
        return (Entry(id=named.id, name=None),)
    return active(books, look_up)
