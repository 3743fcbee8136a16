"""`ledgerhook tie-out`: what the sources told against what is in the books."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from schemas.money import Money
from service.cli.opening import AsJson, DataDir, visit
from service.cli.show import GREEN, OUT, RED, YELLOW, as_json, table
from service.trail.tie_out import Tie, tie_out


def run(
    connection: Annotated[str | None, typer.Option(help="Only this connection.")] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Compare, by connection and currency; exits 1 when a difference has no reason."""
    ties = visit(data_dir, lambda trail: trail.read(lambda c: tie_out(c, connection)))
    if json:
        as_json([_as_row(tie) for tie in ties])
    else:
        show(ties)
    if any(tie.unexplained for tie in ties):
        raise typer.Exit(1)


def _as_row(tie: Tie) -> dict[str, object]:
    return {
        **asdict(tie),
        "source": tie.source,
        "books": tie.books,
        "difference": tie.difference,
        "unexplained": tie.unexplained,
    }


def show(ties: tuple[Tie, ...]) -> None:
    """For people: a row a kind of fact, and the reasons of each difference."""
    rows: list[tuple[object, ...]] = []
    for tie in ties:
        for leg in tie.legs:
            colour = GREEN if not leg.difference else RED if leg.unexplained else YELLOW
            why = "; ".join(f"{one.why}: {one.count} ({Money(one.minor, tie.currency)})" for one in leg.reasons)
            rows.append(
                (
                    tie.connection,
                    tie.currency,
                    leg.what,
                    leg.told_count,
                    Money(leg.told, tie.currency).major,
                    leg.booked_count,
                    Money(leg.booked, tie.currency).major,
                    Text(str(Money(leg.difference, tie.currency).major), style=colour),
                    why + ("" if not leg.unexplained else f"; no reason: {Money(leg.unexplained, tie.currency)}"),
                )
            )
    table(
        "",
        ["connection", "currency", "what", "told#", "amount#", "booked#", "in the books#", "difference#", "why"],
        rows,
        empty="nothing told and nothing booked yet",
    )
    for tie in ties:
        if tie.cash_legs[0]:
            open_sum = Money(tie.cash_legs[1], tie.currency)
            OUT.print(
                f"{tie.connection}: {tie.cash_legs[0]} credit memos of refunded money stay open by policy ({open_sum})"
            )
        if tie.unapplied[0]:
            excess = Money(tie.unapplied[1], tie.currency)
            OUT.print(f"{tie.connection}: {tie.unapplied[0]} payments exceed what they pay; {excess} is open credit")
