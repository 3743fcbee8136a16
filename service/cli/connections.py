"""`ledgerhook connections`: how each stands, why, and where its owner signs in."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from service.cli.opening import AsJson, DataDir, visit
from service.cli.rutter_calls import ask_rutter
from service.cli.show import OUT, YELLOW, ago, as_json, state, table
from service.clock import SystemClock
from service.connecting.hearing import Hearing
from service.connecting.links import safe_link
from service.connecting.reasons import in_words
from service.rutter.connections import Connections
from service.rutter.transport import Transport
from service.trail.database import Trail
from service.trail.overview import ConnectionSeen, overview


def run(
    ask: Annotated[bool, typer.Option("--ask", help="Ask Rutter first, rather than show what was last heard.")] = False,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Broken ones included."""
    heard = ask_rutter(data_dir, _ask) if ask else True
    now = datetime.now(UTC)
    seen = visit(data_dir, lambda trail: trail.read(lambda c: overview(c, now)))
    if json:
        as_json([asdict(one) for one in seen.connections])
        return
    if not heard:
        OUT.print(Text("Rutter did not answer: this is what was last heard", style=YELLOW))
    table(
        "",
        ["connection", "platform", "state", "why", "posted", "waiting#", "sign in at"],
        [
            (
                one.alias,
                one.platform,
                state(one.state),
                _why(one),
                ago(one.last_posted_at, now),
                one.counts.due + one.counts.held,
                _sign_in(one),
            )
            for one in seen.connections
        ],
        empty="no connections yet: ledgerhook connect ALIAS, or ledgerhook apply FILE",
    )


async def _ask(trail: Trail, transport: Transport) -> bool:
    return await Hearing(Connections(transport, SystemClock()), trail).ask_all()


def _why(one: ConnectionSeen) -> str:
    """With what is told of a paused one meanwhile."""
    said = in_words(one.reason) or ""
    told = f"meanwhile {one.told_state.replace('_', ' ')}" if one.told_state not in (None, "ready") else ""
    return "; ".join(part for part in (said, told, in_words(one.told_reason) if told else None) if part)


def _sign_in(one: ConnectionSeen) -> str:
    broken = {"waiting", "needs_update", "disabled"} & {one.state, one.told_state or ""}
    return (safe_link(one.link_url) or "") if broken else ""
