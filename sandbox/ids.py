"""Ids from a seed, so that two runs with the same seed and the same calls give the same ids."""

import random


class Ids:
    """Draws version 4 shaped UUIDs and the platform's own running numbers."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - reproducible ids, no secret
        self._next_platform_id = 1

    def uuid(self) -> str:
        """A UUID string of version 4."""
        digits = f"{self._chance.getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def platform_id(self) -> str:
        """The next number the accounting platform would give: `"1"`, `"2"` …"""
        drawn = self._next_platform_id
        self._next_platform_id += 1
        return str(drawn)
