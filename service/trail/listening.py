"""PostgreSQL: hearing that another process made work due."""

from collections.abc import Callable

import psycopg
from psycopg import sql

from service.trail.bulk import SQLITE
from service.trail.door import Door
from service.trail.due_marks import CHANNEL


async def listen_for_ever(trail: Door, wake: Callable[[set[str]], None]) -> None:
    """Call `wake` with each alias that is told, until cancelled.

    What was told while nobody listened is lost, so begin with a look at everything, and look now and then. On SQLite
    nobody else tells anything, and this returns at once.

    Raises:
        psycopg.OperationalError: the connection was lost; call again.
    """
    if trail.engine.dialect.name == SQLITE:
        return
    url = trail.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as heard:
        await heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        async for told in heard.notifies():
            wake({told.payload})
