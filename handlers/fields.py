"""Foreign JSON, read a field at a time: what cannot be read ends the reading with the sender's own name of the field.

`UnreadableError` never leaves this room: `handlers.registry` turns it into `Unreadable` in one place. Null and absent
are the same to every reader here, as they are to the senders. Reasons never repeat a value: it may be secret.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from re import compile as pattern
from typing import Final

from schemas.exact_json import Json
from schemas.facts import MAX_ID_BYTES
from schemas.money import EXPONENTS

MAX_TEXT: Final = 4000
MAX_COUNT: Final = 10**12
MAX_DIGITS: Final = 24
"""Fewer than decimal arithmetic keeps (28), and more than any amount needs."""

_DECIMAL: Final = pattern(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_HALF_A_PAIR: Final = pattern("[\ud800-\udfff]")
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


class UnreadableError(Exception):
    """A field that should have told something and cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        """`path` is the sender's (`$.data.object.amount`)."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Field:
    """A value of the sender's JSON and where it stands.

    Never changed once made. A delivery is read through some eighty of these, of which none or one has to say where it
    stands: so a field knows its place by the field above it, and writes its path only when asked.
    """

    __slots__ = ("_above", "_step", "value")

    def __init__(self, step: str | int, value: Json, above: "Field | None" = None) -> None:
        """`step`: the whole path (`$`), or below `above` a name or the index of an element."""
        self._step = step
        self._above = above
        self.value = value

    def __repr__(self) -> str:
        """The place alone: values are people's data."""
        return f"Field({self.path})"

    @property
    def path(self) -> str:
        """The sender's own name of the field: `$.line_items[0].price`."""
        if self._above is None:
            return str(self._step)
        step = f"[{self._step}]" if isinstance(self._step, int) else f".{self._step}"
        return self._above.path + step

    def bad(self, reason: str) -> UnreadableError:
        """To be raised: this field is what could not be read."""
        return UnreadableError(self.path, reason)

    @property
    def told(self) -> bool:
        """Whether it is there and not null."""
        return self.value is not None

    def get(self, *names: str) -> "Field":
        """The field below, through each name in turn; null where something on the way is null."""
        here = self
        for name in names:
            value = here.value
            if isinstance(value, dict):
                here = Field(name, value.get(name), here)
            elif value is None:
                here = Field(name, None, here)
            else:
                raise here.bad("not an object")
        return here

    def required(self) -> "Field":
        """Itself, when it is told."""
        if self.value is None:
            raise self.bad("missing")
        return self

    def items(self) -> Iterator["Field"]:
        """The elements of a list; none for null."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            raise self.bad("not a list")
        for index, value in enumerate(self.value):
            yield Field(index, value, self)

    def text(self) -> str | None:
        """A text as it may stand in a document, or None when null or empty."""
        if self.value is None or self.value == "":
            return None
        if not isinstance(self.value, str):
            raise self.bad("not a text")
        if len(self.value) > MAX_TEXT:
            raise self.bad(f"longer than {MAX_TEXT} characters")
        if "\x00" in self.value:
            raise self.bad("has a NUL character")
        if not self.value.isascii() and _HALF_A_PAIR.search(self.value):
            raise self.bad("has half a surrogate pair, which is no character")
        return self.value

    def word(self) -> str:
        """A required short text: a type, a status."""
        text = self.required().text()
        if text is None or len(text) > MAX_ID_BYTES:
            raise self.bad("empty" if text is None else "too long")
        return text

    def identifier(self) -> str | None:
        """An id, or None when null or empty."""
        text = self.text()
        if text is None:
            return None
        if len(text) > MAX_ID_BYTES or len(text.encode()) > MAX_ID_BYTES:
            raise self.bad(f"an id longer than {MAX_ID_BYTES} bytes")
        if not text.isprintable():
            raise self.bad("an id with characters that cannot be printed")
        return text

    def own_identifier(self) -> str:
        """A required id."""
        identifier = self.required().identifier()
        if identifier is None:
            raise self.bad("empty")
        return identifier

    def link(self) -> str | None:
        """The id of another object, told as the id or as the object itself."""
        return self.get("id").own_identifier() if isinstance(self.value, dict) else self.identifier()

    def integer(self) -> int:
        """A required whole number, written without a fraction."""
        value = self.required().value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.bad("not a whole number")
        return value

    def count(self) -> int:
        """A required whole number that may count things."""
        value = self.integer()
        if abs(value) > MAX_COUNT:
            raise self.bad("absurdly large")
        return value

    def decimal(self) -> Decimal:
        """A required exact decimal, told as text or as a JSON number, that arithmetic keeps exact."""
        number = self._number()
        if len(number.as_tuple().digits) > MAX_DIGITS or not -MAX_DIGITS <= number.adjusted() <= MAX_DIGITS:
            raise self.bad("absurdly large, small or long")
        return number

    def _number(self) -> Decimal:
        value = self.required().value
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.bad("not a decimal number")
        if isinstance(value, str) and not _DECIMAL.fullmatch(value):
            raise self.bad("not a decimal number")
        return Decimal(value)

    def decimal_text(self) -> str | None:
        """An informative decimal as short plain text; None when null or too long to inform anybody."""
        if self.value is None:
            return None
        value = self._number()
        if value.is_zero() or not -20 <= value.adjusted() <= 20:
            return "0" if value.is_zero() else None
        text = format(value, "f")
        return text if len(text) <= 40 else None

    def flag(self) -> bool:
        """A truth value; null is false."""
        if self.value is None:
            return False
        if not isinstance(self.value, bool):
            raise self.bad("not true or false")
        return self.value

    def currency(self) -> str:
        """A required ISO 4217 code in capitals."""
        code = self.required().value
        if not isinstance(code, str) or code not in EXPONENTS:
            raise self.bad("unknown currency")
        return code

    def unix_time(self) -> datetime:
        """A required time as seconds since 1970."""
        seconds = self.integer()
        if not _EARLIEST.timestamp() <= seconds < _LATEST.timestamp():
            raise self.bad("not a time of this age")
        return datetime.fromtimestamp(seconds, UTC)

    def time(self) -> datetime:
        """A required time as RFC 3339 text with its zone."""
        text = self.word()
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise self.bad("not a time") from None
        offset = found.utcoffset()
        if offset is None:
            raise self.bad("a time without its zone")
        if offset % timedelta(minutes=1):  # RFC 3339 has hours and minutes; written again, the rest would be lost
            raise self.bad("a time whose zone is not in whole minutes")
        if not _EARLIEST <= found < _LATEST:
            raise self.bad("not a time of this age")
        return found
