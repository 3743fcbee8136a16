"""Counting what is done reads all work there ever was: counted again only after twenty times as long as it took."""

import time
from typing import Final

from sqlalchemy import Connection

from service.trail.overview import ByAlias, count_settled

_REST: Final = 20


class Settled:
    """The last count, for everybody who asks meanwhile. A small trail is counted each time."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._last: ByAlias = {}
        self._again_at = 0.0

    def counts(self, c: Connection) -> ByAlias:
        """Alias -> state -> number; at most a twentieth of a processor is spent on it."""
        begun = time.monotonic()
        if begun >= self._again_at:
            self._last = count_settled(c)
            took = time.monotonic() - begun
            self._again_at = begun + (took * _REST if took > _FREE else 0)
        return self._last


_FREE: Final = 0.05
"""Seconds that are nobody's concern."""
