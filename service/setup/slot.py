"""What setting up asks about: slots in groups, each with a proposal; and how answers are written.

An answer is written the same in the terminal, in a file of answers and in the console's forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.additions import AccountType
from schemas.mapping import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """To be made in the books: an account of a type, or (type None) an item booked on `account`.

    Asked for once for a connection, under its name.
    """

    name: str
    account_type: AccountType | None = None
    account: "Named | Make | None" = None

    @property
    def named(self) -> Named:
        """What the mapping calls it."""
        return Named(name=self.name)


Value = Named | Make | str | None
"""In the books, to be made, a word or text, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing that is asked. `choices`: what else there is; `makes`: what `+ NAME` makes, where the platform can.

    `words`: for a choice among words, what each means; "" stands for nothing. `is_text`: any text that holds.
    """

    key: str
    label: str
    proposed: Value
    choices: tuple[Named, ...] = ()
    object: str = ""
    makes: Make | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    is_text: bool = False
    lacking: str = "what needs it parks"
    """What follows from leaving it empty."""


@dataclass(frozen=True, slots=True)
class Group:
    """A screen of slots."""

    title: str
    slots: tuple[Slot, ...]


NOTHING = "-"


def written(value: Value) -> str:
    """An answer, as it is written: `Sales`, `code:4000`, `id:…`, `+ Name` to make it, `-` for nothing."""
    match value:
        case None:
            return NOTHING
        case Make(name=name):
            return f"+ {name}"
        case Named(id=str(known)):
            return f"id:{known}"
        case Named(code=str(code)):
            return f"code:{code}"
        case Named():
            return value.name or ""
        case str():
            return value or NOTHING


def spoken(slot: Slot, value: Value) -> str:
    """An answer for people."""
    match value:
        case None | "":
            return slot.words.get("") or f"none: {slot.lacking}"
        case Make(account_type=str(kind)):
            return f"{value.name} (to be made: {kind.replace('_', ' ')})"
        case Make(account=Make(name=name)):
            return f"{value.name} (to be made, on {name}, to be made)"
        case Make(account=Named() as account):
            return f"{value.name} (to be made, on {account})"
        case Make():
            return f"{value.name} (to be made)"
        case Named():
            return str(value).strip('"')
        case str():
            meaning = slot.words.get(value)
            return f"{value}: {meaning}" if meaning else value
