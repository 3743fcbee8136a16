"""Whose turn it is where one process at a time is to act: on PostgreSQL a lock that the database holds for a session.

It is lost with the session, so that the turn of a process that died passes on by itself.
"""

from typing import Final

import psycopg

from service.trail.bulk import SQLITE
from service.trail.door import Door

OUTBOX: Final = 0x6C68_0001
"""Sending the outbox. The number is arbitrary, and in one database it means this for good."""
HEARING: Final = 0x6C68_0002
"""Asking Rutter how connections stand."""
NOTICING: Final = 0x6C68_0003
"""Reading again what changed in the books."""


class Turn:
    """One process's claim to a turn, on a connection of its own. On SQLite there is one process, and it is its turn."""

    def __init__(self, trail: Door, number: int) -> None:
        """Nothing is connected before `mine`."""
        self._alone = trail.engine.dialect.name == SQLITE
        self._url = trail.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._number = number
        self._session: psycopg.AsyncConnection | None = None
        self._held = False

    async def mine(self) -> bool:
        """Take the turn if it is free; whether it is ours now.

        Raises:
            psycopg.OperationalError: the session was lost, and the turn with it; ask again.
        """
        if self._alone:
            return True
        try:
            session = self._session or await psycopg.AsyncConnection.connect(self._url, autocommit=True)
            self._session = session
            if self._held:
                await session.execute("SELECT 1")  # fails when the session, and so the lock, is gone
            else:
                row = await (await session.execute("SELECT pg_try_advisory_lock(%s)", (self._number,))).fetchone()
                self._held = bool(row and row[0])
        except psycopg.OperationalError:
            await self.close()
            raise
        return self._held

    async def close(self) -> None:
        """Pass the turn on."""
        session, self._session, self._held = self._session, None, False
        if session is not None:
            await session.close()
