"""How the configuration file names things: aliases of ours, and what is in the merchant's books.

A name in the books is a string, or `{ code = "…" }` or `{ id = "…" }`.
"""

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from schemas.mapping import Named


def _is_alias(value: str) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}", value) is None:
        raise ValueError("must be 1 to 63 lower-case letters, digits, dots, dashes or underscores")
    return value


Alias = Annotated[str, AfterValidator(_is_alias)]


class Strict(BaseModel):
    """A table: nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


HOW_NAMED: Final = 'give its name in the books, or { code = "…" } or { id = "…" }'


class NamedEntry(Strict):
    """A thing in the books, by exactly one of these."""

    name: str | None = None
    code: str | None = None
    id: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [part for part in (self.name, self.code, self.id) if part is not None]
        if len(given) != 1 or not given[0]:
            raise ValueError(HOW_NAMED)
        return self

    def named(self) -> Named:
        """As the mapping holds it."""
        return Named(name=self.name, code=self.code, id=self.id)


def _by_name(value: object) -> object:
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict):
        raise ValueError(HOW_NAMED)  # noqa: TRY004 - pydantic turns a ValueError into a line, a TypeError into a crash
    return value


InBooks = Annotated[NamedEntry, BeforeValidator(_by_name)]
"""A bare string is a name."""
