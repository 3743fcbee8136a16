"""`ledgerhook parked`: what waits for a person, by cause, with its cure."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from schemas.money import Money
from service.cli.opening import AsJson, DataDir, visit
from service.cli.show import GREEN, OUT, RED, ago, as_json, table
from service.trail.parked import parked


def run(
    connection: Annotated[str | None, typer.Option(help="Only this connection.")] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """List causes, the longest waiting first; one cure releases everything under a cause."""
    seen = visit(data_dir, lambda trail: trail.read(lambda c: parked(c, connection)))
    if json:
        as_json(asdict(seen))
        return
    if not seen.groups and not seen.unreadable:
        OUT.print(Text("nothing waits for a person", style=GREEN))
        return
    for group in seen.groups:
        sums = ", ".join(str(Money(minor, currency)) for minor, currency in group.sums)
        held = f", {group.behind} held behind" if group.behind else ""
        OUT.print(Text.assemble((group.fingerprint, f"bold {RED}"), f"  {group.connection}"))
        events = f"{group.count} {'event' if group.count == 1 else 'events'}{f' ({sums})' if sums else ''}"
        OUT.print(f"  {events}{held}, since {ago(group.since)}")
        OUT.print(Text(f"  {group.detail}", style="dim"), soft_wrap=True)
        # As text, not markup: a cure names tables like [connections.acme.items]. Unfolded, so that it can be copied.
        OUT.print(Text(f"  cure     {group.cure}"), soft_wrap=True)
        release = f"ledgerhook release --connection {group.connection} --cause {_quoted(group.fingerprint)}"
        OUT.print(Text(f"  then     {release}"), soft_wrap=True)
        OUT.print()
    if seen.more:
        OUT.print(f"and {seen.more} more causes")
    if seen.unreadable:
        table(
            f"Unreadable deliveries ({seen.unreadable_count})",
            ["delivery", "source", "received", "field", "why"],
            [(one.id, one.source, ago(one.received_at), one.path, one.reason) for one in seen.unreadable],
            empty="",
        )
        OUT.print("once they can be read (an upgrade, a changed setting): ledgerhook replay --unreadable")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
