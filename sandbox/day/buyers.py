"""Buyers: regulars who come back, guests who leave a name, guests who leave an e-mail, and nobody at a till."""

from collections.abc import Callable
from typing import Final

from sandbox.day.chance import Chance
from sandbox.day.facts import Buyer
from sandbox.day.shops import name

NAMES_EACH: Final = 80
REGULARS: Final = 30

NOBODY: Final = Buyer(id=None, name=None, email=None)


class Buyers:
    """The buyers of one source. No name and no e-mail of one source is another's."""

    def __init__(self, chance: Chance, source: str, place: int, new_id: Callable[[], str]) -> None:
        """`place` is the source's place among the day's sources: it owns 80 names from `80 * place` on."""
        self._chance = chance
        self._source = source
        first = NAMES_EACH * place
        self._regulars = [self._named(first + i, new_id()) for i in range(REGULARS)]
        self._guests = [self._named(i, None) for i in range(first + REGULARS, first + NAMES_EACH)]

    def _named(self, number: int, key: str | None) -> Buyer:
        full = name(number)
        return Buyer(id=key, name=full, email=f"{full.lower().replace(' ', '.')}@{self._source}.example")

    def regular(self) -> Buyer:
        """Somebody with an account."""
        return self._chance.pick(self._regulars)

    def guest(self) -> Buyer:
        """Somebody without an account who gave name and e-mail."""
        return self._chance.pick(self._guests)

    def mailer(self) -> Buyer:
        """Somebody who gave an e-mail and nothing else."""
        return Buyer(id=None, name=None, email=f"guest{self._chance.number(100, 999)}@{self._source}.example")
