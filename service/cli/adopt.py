"""`ledgerhook adopt`: on books that have documents already, link those that our events would make again."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from consumers.adopting.sides import Pair
from schemas.connections import Connection, ConnectionState
from service.adapters import TrailEntries
from service.adopting.adopt import Compared, Linked, compare, link
from service.adopting.pairs import in_words
from service.adopting.reading import Unreadable
from service.cli.opening import AsJson, DataDir, settings_or_fail, visit
from service.cli.show import OUT, as_json, fail, table
from service.clock import SystemClock
from service.running import rutter_settings
from service.rutter.lists import RutterLists
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from service.trail.database import Trail

LISTED = 50
"""Pairs of a table."""


def run(
    connection: Annotated[str, typer.Argument(help="Its alias, as `ledgerhook status` shows it.")],
    since: Annotated[str | None, typer.Option(help="Only what occurred, or changed, from then on: 2026-01-31.")] = None,
    link_: Annotated[bool, typer.Option("--link", help="Link the sure ones, and set the doubtful ones aside.")] = False,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Compare what waits with what is in the books. Without --link nothing changes."""
    from_then = _day(since)
    rutter = rutter_settings(settings_or_fail())
    compared, done, ready = visit(
        data_dir, lambda trail: _adopt(trail, rutter, connection, since=from_then, wanted=link_)
    )
    if json:
        as_json(_document(compared, done))
        return
    _show(compared)
    _conclude(connection, compared, done, ready=ready)


async def _adopt(
    trail: Trail, rutter: RutterSettings, alias: str, *, since: datetime | None, wanted: bool
) -> tuple[Compared, Linked | None, bool]:
    known = await trail.work.connection(alias)
    if known is None:
        fail(f"no connection {alias[:40]}; `ledgerhook status` lists them")
    ready = known.state is ConnectionState.READY
    if wanted and ready:
        fail(
            f"{alias} is not paused: what is compared would be posted meanwhile",
            *(f"  {line}" for line in _steps(alias)),
        )
    transport = Transport(rutter)
    try:
        compared = await _compared(trail, transport, known, since)
    finally:
        await transport.close()
    return compared, await link(trail, known, compared) if wanted else None, ready


async def _compared(trail: Trail, transport: Transport, known: Connection, since: datetime | None) -> Compared:
    clock = SystemClock()
    reading = Reading(transport, Turns(clock), clock)
    lists = RutterLists(reading, TrailEntries(trail), clock, max_pages=transport.settings.max_list_pages)
    compared = await compare(trail, reading, lists, known, since)
    if isinstance(compared, Unreadable):
        fail(compared.reason)
    return compared


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--since {text[:40]}: write a day like 2026-01-31")
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _steps(alias: str) -> tuple[str, ...]:
    return (
        f"ledgerhook pause {alias}            nothing is posted",
        "  let the sources tell what is past: their own export or resend, or ledgerhook replay",
        f"ledgerhook adopt {alias}            look at what is found",
        f"ledgerhook adopt {alias} --link     link what is sure; decide the rest in the console, under Adopting",
        f"ledgerhook resume {alias}           what is left is posted",
    )


def _document(compared: Compared, done: Linked | None) -> dict[str, object]:
    return {
        "waiting": compared.waiting,
        "documents": compared.read,
        "sure": [in_words(pair) for pair in compared.sure],
        "doubtful": [in_words(pair) for pair in compared.doubtful],
        "linked": None if done is None else done.linked,
        "set_aside": None if done is None else done.set_aside,
        "refused": [] if done is None else [{**in_words(pair), "refused": why} for pair, why in done.refused],
    }


def _show(compared: Compared) -> None:
    OUT.print(f"{compared.waiting} events wait; {compared.read} documents in the books are not linked", markup=False)
    for title, pairs in (("Sure", compared.sure), ("Doubtful", compared.doubtful)):
        OUT.print()
        table(
            f"{title} ({len(pairs)})" + (f", the first {LISTED}" if len(pairs) > LISTED else ""),
            ["event", "told#", "on", "in the books", "number", "total#", "why"],
            [_row(pair) for pair in pairs[:LISTED]],
            empty="none",
        )


def _row(pair: Pair) -> tuple[object, ...]:
    claim, document = pair.claim, pair.document
    return (
        claim.event_key,
        str(claim.total),
        claim.date.isoformat(),
        f"{document.kind.value} {document.rutter_id[:8]}",
        document.number or "",
        str(document.total),
        "; ".join(pair.why),
    )


def _conclude(alias: str, compared: Compared, done: Linked | None, *, ready: bool) -> None:
    OUT.print()
    if done is None:
        OUT.print("nothing was changed. In order:" if ready or compared.sure else "nothing was changed")
        if ready or compared.sure:
            for line in _steps(alias):
                OUT.print(f"  {line}", markup=False)
        return
    OUT.print(f"{done.linked} linked; {done.set_aside} set aside for a person", markup=False)
    for pair, why in done.refused:
        OUT.print(f"not linked: {pair.claim.event_key} and {pair.document.rutter_id}: {why}", markup=False)
    if done.set_aside:
        OUT.print("decide them in the console, under Adopting; until then they wait")
    OUT.print(f"ledgerhook resume {alias} posts what is left", markup=False)
