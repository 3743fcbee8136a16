"""Seeded chance, and the look of ids as senders make them."""

import random
import string
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

Picked = TypeVar("Picked")


class Chance:
    """One stream of chance; the same seed and name give the same stream, everywhere and always."""

    def __init__(self, seed: int, stream: str) -> None:
        """`stream` keeps the sources apart: more orders in one do not change another."""
        self._random = random.Random(f"{seed}/{stream}")  # noqa: S311 -- repeatable on purpose, nothing secret

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def pick(self, among: Sequence[Picked]) -> Picked:
        """One of them."""
        return self._random.choice(among)

    def several(self, among: Sequence[Picked], count: int) -> list[Picked]:
        """`count` different ones of them."""
        return self._random.sample(among, count)

    def token(self, prefix: str, length: int = 24) -> str:
        """An id as Stripe makes them: "ch_3Pz…"."""
        letters = string.ascii_letters + string.digits
        return prefix + "".join(self._random.choice(letters) for _ in range(length))

    def wide_id(self) -> str:
        """A 64-bit id as Shopify makes them, past what a double can hold."""
        return str(self._random.randint(2**59, 2**62))

    def uuid(self) -> str:
        """A random UUID's look."""
        bits = f"{self._random.getrandbits(128):032x}"
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}"

    def moment(self, now: datetime, hours_ago: int) -> datetime:
        """A moment in the middle of the hour that began `hours_ago` full hours before `now`'s.

        The objects that tell one fact bear times a few minutes apart; staying clear of the hour's ends
        keeps them all on one local date, in every time zone whose offset is whole hours.
        """
        hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
        return hour + timedelta(minutes=self.number(15, 44), seconds=self.number(0, 59))
