"""`ledgerhook replay`: kept deliveries read again, translated and recorded as if they came in now."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final, get_args

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Connection, func, select

from schemas.events import EventType
from service.cli.opening import AsJson, DataDir, installation_or_fail, settings_or_fail, visited
from service.cli.show import ERR, as_json, fail, line, table
from service.clock import SystemClock
from service.installation import KEYS_FILE, TRAIL_FILE, Installation
from service.replaying import Replayed, replay
from service.sealing import BadKeys, KeyRing, SealError, parse_keys
from service.trail import connections
from service.trail.archive import Wanted
from service.trail.database import Trail, TrailUnavailableError, open_trail
from service.trail.engines import is_postgresql
from service.trail.tables import deliveries

TYPES: Final[tuple[str, ...]] = get_args(EventType)


def run(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[DELIVERY]...", help="Ids of deliveries.")] = None,
    order: Annotated[str | None, typer.Option(help="Everything told of this order, by its id.")] = None,
    source: Annotated[str | None, typer.Option(help="Everything of this source.")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="Deliveries that told one: " + ", ".join(TYPES))] = None,
    since: Annotated[str | None, typer.Option(help="Received from then on: 2026-11-02 or 2026-11-02T10:15.")] = None,
    until: Annotated[str | None, typer.Option(help="Received before then.")] = None,
    unreadable: Annotated[bool, typer.Option("--unreadable", help="Those that could not be read.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="The whole archive.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what they tell, and record nothing.")] = False,
    old: Annotated[
        str | None, typer.Option("--from", help="Read another trail: its data directory, or its database URL.")
    ] = None,
    from_keys_env: Annotated[
        str | None, typer.Option(help="With --from: environment variable that holds the other trail's keys.")
    ] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """What is posted stays posted: replaying makes no document twice. What waits is planned anew."""
    if type_ is not None and type_ not in TYPES:
        fail(f"--type {type_[:40]}: one of {', '.join(TYPES)}")
    narrowed = any((ids, order, source, type_, since, until, unreadable))
    if not narrowed and not everything and old is None:
        fail("say what to replay: ids, --order, --source, --type, --since, --until, --unreadable, or --all")
    common = Wanted(
        order=order, source=source, type=type_, since=_moment("--since", since), until=_moment("--until", until),
        unreadable=unreadable,
    )  # fmt: skip
    here = installation_or_fail(settings_or_fail(data_dir=data_dir))
    wanted = [_one(common, id_) for id_ in ids] if ids else [common]
    done = asyncio.run(_replay(here, old, from_keys_env, wanted, dry_run=dry_run))
    show(done, dry_run=dry_run, json=json)
    if ids and done.deliveries < len(set(ids)):
        fail(f"{len(set(ids)) - done.deliveries} of these deliveries are not in the archive")


def _one(common: Wanted, id_: str) -> Wanted:
    return Wanted(
        delivery=id_, order=common.order, source=common.source, type=common.type, since=common.since,
        until=common.until, unreadable=common.unreadable,
    )  # fmt: skip


def _moment(option: str, text: str | None) -> datetime | None:
    """A time as people write it; without a zone, this machine's."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        fail(f"{option} {text[:40]!r}: write it as 2026-11-02 or 2026-11-02T10:15, with +00:00 or Z for another zone")


async def _replay(
    here: Installation, old: str | None, from_keys_env: str | None, wanted: list[Wanted], *, dry_run: bool
) -> Replayed:
    into = visited(here)
    try:
        archive = into if old is None else other_trail(old, from_keys_env, here)
        try:
            if archive is not into:
                await _same_connections(archive, into)
            return await _with_progress(archive, into, wanted, dry_run=dry_run)
        except SealError as error:
            fail(f"{error}: give the archive's keys, all that ever sealed in it")
        finally:
            if archive is not into:
                await archive.close()
    finally:
        await into.close()


async def _with_progress(archive: Trail, into: Trail, wanted: list[Wanted], *, dry_run: bool) -> Replayed:
    total = Replayed()
    # How many a narrower choice will find is known only once they were read.
    expected = await archive.read(_kept) if wanted == [Wanted()] else None
    with _progress(expected) as advance:
        for one in wanted:
            so_far = total.deliveries
            done = await replay(archive, into, one, dry_run=dry_run, progress=partial(_told, advance, so_far))
            total.deliveries += done.deliveries
            total.events += done.events
            total.verdicts.update(done.verdicts)
            total.unreadable += done.unreadable
            total.again += done.again
    return total


def _told(advance: Callable[[int], None], before: int, now: Replayed) -> None:
    advance(before + now.deliveries)


def _kept(c: Connection) -> int:
    found: int = c.execute(select(func.count()).select_from(deliveries)).scalar_one()
    return found


@contextmanager
def _progress(expected: int | None) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("reading again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        task = progress.add_task("", total=expected)
        yield lambda done: progress.update(task, completed=done)


def other_trail(old: str, from_keys_env: str | None, here: Installation) -> Trail:
    """The trail to read from, opened beside whoever owns it; ends the command where it cannot be."""
    directory = Path(old)
    where = old if is_postgresql(old) else str(directory / TRAIL_FILE if directory.is_dir() else directory)
    try:
        return open_trail(where, _keys_of(directory, from_keys_env, here), SystemClock(), visitor=True)
    except TrailUnavailableError as error:
        fail(f"--from: {error}")


def _keys_of(directory: Path, from_keys_env: str | None, here: Installation) -> KeyRing:
    """From the variable, else from the other data directory, else ours: a copy of our own trail has the same."""
    if from_keys_env is not None:
        text, where = os.environ.get(from_keys_env, ""), from_keys_env
        if not text:
            fail(f"--from-keys-env: the environment variable {from_keys_env} is not set")
    else:
        kept = (directory if directory.is_dir() else directory.parent) / KEYS_FILE
        if not kept.is_file():
            return here.keys
        text, where = kept.read_text("utf-8").strip(), str(kept)
    ring = parse_keys(text)
    if isinstance(ring, BadKeys):
        fail(f"{where}: {ring.reason}")
    return ring


async def _same_connections(archive: Trail, into: Trail) -> None:
    """Every connection of the archive must be declared here first: with which books, nobody can guess."""
    theirs, ours = [
        {one.connection.alias for one in await trail.read(connections.standings)} for trail in (archive, into)
    ]
    missing = sorted(theirs - ours)
    if missing:
        fail(
            f"{', '.join(missing)}: not declared here; `ledgerhook apply FILE` first, with the books they are to go to"
        )


def show(done: Replayed, *, dry_run: bool, json: bool) -> None:
    """What was read, and what came of it."""
    verdicts = {verdict.value: count for verdict, count in sorted(done.verdicts.items())}
    if json:
        as_json({"dry_run": dry_run, "deliveries": done.deliveries, "events": done.events, "verdicts": verdicts,
                 "unreadable": done.unreadable, "due_again": done.again})  # fmt: skip
        return
    line(f"read {done.deliveries} deliveries, which tell {done.events} events"
         f"{f'; {done.unreadable} cannot be read' if done.unreadable else ''}")  # fmt: skip
    if dry_run:
        line("nothing was recorded (--dry-run)", style="dim")
        return
    table("", ["verdict", "events#"], list(verdicts.items()), empty="nothing to record")
    if done.again:
        line(f"{done.again} that waited are due again")
