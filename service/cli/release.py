"""`ledgerhook release`: let parked events go on, after their cure."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from service.cli.opening import AsJson, DataDir, visit
from service.cli.show import OUT, as_json, fail, table
from service.trail.database import Trail
from service.trail.releasing import Released, release


def run(
    keys: Annotated[list[str] | None, typer.Argument(help="Natural keys of parked events: order:1001 …")] = None,
    cause: Annotated[
        list[str] | None, typer.Option("--cause", help="Everything under this cause (see parked).")
    ] = None,
    connection: Annotated[str | None, typer.Option(help="Only of this connection.")] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Make them due again, oldest first; they are planned anew and posted, or parked with what is still wrong."""
    if not keys and not cause:
        fail("say what to release: natural keys (order:1001), or --cause as `ledgerhook parked` shows it")

    async def everything(trail: Trail) -> list[Released]:
        released: list[Released] = []
        while True:
            some = await trail.run(
                lambda c: release(
                    c, datetime.now(UTC), fingerprints=cause or (), keys=keys or (), connection=connection
                )
            )
            released += some
            if not some:
                return released

    released = visit(data_dir, everything)
    if json:
        as_json({"released": len(released), "events": [asdict(one) for one in released]})
        return
    if not released:
        fail("nothing parked under that; `ledgerhook parked` lists the causes")
    table("", ["connection", "event", "was parked for"],
          [(one.connection, one.key, one.fingerprint) for one in released[:50]], empty="")  # fmt: skip
    OUT.print(f"released {len(released)}")
