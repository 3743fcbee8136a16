"""How often a wrong admin token may be shown: some at once, then one every few seconds, by the sender's address.

While an address has shown too many, no token of its is looked at, not even the right one: else guessing would go on as
fast as before. Sessions and other addresses go on.
"""

from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Final

AT_ONCE: Final = 20
ONE_EVERY: Final = 6.0
"""Seconds."""
ADDRESSES: Final = 1000
"""Addresses that are told apart; further ones are counted together."""
_OTHERS: Final = ""


class Throttle:
    """A bucket an address: each wrong token takes one out, time puts it back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Args: `now` aware, UTC."""
        self._now = now
        self._full_at: dict[str, float] = {}
        """Address -> when its bucket will be full again; absent = it is."""

    def wait(self, address: str) -> int:
        """Whole seconds until a token from there is looked at; 0 = now."""
        now = self._now().timestamp()
        missing = self._full_at.get(self._counted_as(address), now) - now
        return max(0, ceil(missing - (AT_ONCE - 1) * ONE_EVERY))

    def wrong(self, address: str) -> None:
        """A wrong token was shown."""
        now = self._now().timestamp()
        if len(self._full_at) >= ADDRESSES:
            self._full_at = {one: full_at for one, full_at in self._full_at.items() if full_at > now}
        counted_as = self._counted_as(address)
        self._full_at[counted_as] = max(now, self._full_at.get(counted_as, now)) + ONE_EVERY

    def _counted_as(self, address: str) -> str:
        full = len(self._full_at) >= ADDRESSES
        return _OTHERS if full and address not in self._full_at else address
