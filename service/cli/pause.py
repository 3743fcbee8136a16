"""`ledgerhook pause`: nothing more is posted to a connection until a person resumes it."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from schemas.connections import ConnectionState
from service.cli.opening import DataDir, visit
from service.cli.show import OUT, fail
from service.trail import connection_moves, overview


def run(
    connection: Annotated[str, typer.Argument(help="Its alias, as `ledgerhook status` shows it.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever looks.")] = "by hand",
    data_dir: DataDir = None,
) -> None:
    """What is on its way is finished; everything else is kept and waits. Nothing but `resume` ends it."""

    def pause(c: Connection) -> bool:
        connection_moves.move(c, connection, ConnectionState.PAUSED, reason[:300], datetime.now(UTC))
        return connection in overview.aliases(c)

    if not visit(data_dir, lambda trail: trail.run(pause)):
        fail(f"no connection {connection[:40]}; `ledgerhook status` lists them")
    OUT.print(f"{connection} is paused; ledgerhook resume {connection} lets it go on", markup=False)
