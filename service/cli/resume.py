"""`ledgerhook resume`: a paused connection goes on."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from schemas.connections import ConnectionState
from service.cli.opening import DataDir, visit
from service.cli.show import OUT, fail
from service.trail import connection_moves


def run(
    connection: Annotated[str, typer.Argument(help="Its alias, as `ledgerhook status` shows it.")],
    data_dir: DataDir = None,
) -> None:
    """What was told of it meanwhile holds then: a merchant that must sign in again still must."""
    state = visit(
        data_dir, lambda trail: trail.run(lambda c: connection_moves.resume(c, connection, datetime.now(UTC)))
    )
    if state is None:
        fail(f"{connection[:40]} is not paused; `ledgerhook status` shows how connections stand")
    goes_on = "posting goes on" if state is ConnectionState.READY else "posting goes on once that is over"
    OUT.print(f"{connection} is {state.value.replace('_', ' ')}: {goes_on}", markup=False)
