"""`ledgerhook connect`: a link for a merchant to sign in through, or what is linked at Rutter already declared here."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from service.cli.opening import AsJson, DataDir
from service.cli.rutter_calls import ask_rutter
from service.cli.show import OUT, as_json, fail, line
from service.clock import SystemClock
from service.connecting.hearing import Hearing
from service.connecting.linking import Linked, Linking, NotLinked
from service.connecting.wanted import Wanted, read_wanted
from service.rutter.connections import Connections
from service.rutter.transport import Transport
from service.trail.database import Trail


def run(
    alias: Annotated[str, typer.Argument(help="What the books are called here, for good: acme.")],
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", help="Dates its documents, like America/New_York.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="As Rutter Link names it, like xero; without one the merchant chooses.")
    ] = None,
    rutter_id: Annotated[
        str | None, typer.Option("--rutter-id", help="Declare this connection, which is linked at Rutter already.")
    ] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Of an alias that is known, the link where its owner signs in again."""
    wanted = read_wanted({"alias": alias, "time_zone": time_zone or _ANY, "platform": platform})
    if isinstance(wanted, str):
        fail(wanted)
    linked = ask_rutter(
        data_dir, lambda trail, transport: _link(trail, transport, wanted, rutter_id, known=time_zone is None)
    )
    if linked is None:
        fail(f"{alias} is not connected yet: give its --time-zone, like America/New_York")
    if isinstance(linked, NotLinked):
        fail(linked.reason)
    if json:
        as_json(asdict(linked))
        return
    if linked.link_url is not None and linked.state != "ready":
        line(linked.link_url)
        OUT.print(f"send this to the merchant; nothing is posted to {alias} until they have signed in there")
    else:
        OUT.print(f"{alias} is {linked.state.replace('_', ' ')}; say where things are booked: ledgerhook setup {alias}")


_ANY: Final = "UTC"


async def _link(
    trail: Trail, transport: Transport, wanted: Wanted, rutter_id: str | None, *, known: bool
) -> Linked | NotLinked | None:
    """`known`: only of an alias that is connected."""
    api = Connections(transport, SystemClock())
    linking = Linking(api, trail, Hearing(api, trail))
    if known:
        return await linking.again(wanted.alias)
    return await (linking.send(wanted) if rutter_id is None else linking.adopt(rutter_id, wanted))
