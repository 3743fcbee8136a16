"""`ledgerhook sweep`: search a connection's books now for changes that no webhook told."""

from typing import Annotated

import typer

from schemas.outcomes import Deferred, Unknown
from service.cli.opening import AsJson, DataDir
from service.cli.rutter_calls import ask_rutter
from service.cli.show import OUT, as_json, fail, table
from service.clock import SystemClock
from service.noticing.reading_again import ReadingAgain, Report
from service.noticing.sweeping import Sweeping
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.transport import Transport
from service.trail import connections
from service.trail.database import Trail


def run(
    connection: Annotated[str, typer.Argument(help="Its alias, as `ledgerhook status` shows it.")],
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Nothing is written to the books; what was changed is shown, and later events are planned against it."""
    report = ask_rutter(data_dir, lambda trail, transport: _sweep(trail, transport, connection))
    if report is None:
        fail(f"no connection {connection[:40]}; `ledgerhook status` lists them")
    if report.trouble is not None:
        why = report.trouble
        said = why.reason if isinstance(why, Unknown | Deferred) else f"refused with {why.status} {why.code}"
        fail(f"not everything could be read: {said}; what was read is kept, the search begins there again")
    if json:
        as_json({"read": report.read, "noticed": [{"document": key, "what": what} for key, what in report.noticed]})
        return
    OUT.print(f"{report.read} documents of ours were read")
    table("", ["document", "what"], [(key, what.value) for key, what in report.noticed], empty="none was changed")


async def _sweep(trail: Trail, transport: Transport, alias: str) -> Report | None:
    found = await trail.read(lambda c: connections.connection(c, trail.keys, alias))
    if found is None:
        return None
    clock = SystemClock()
    return await Sweeping(ReadingAgain(trail, Reading(transport, Turns(clock), clock))).sweep(found)
