"""`ledgerhook doctor`: what is missing or wrong, and the cure. Before the first start, beside the service, any time."""

import asyncio
import os
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from schemas.connections import Connection, ConnectionState
from service.cli.checkup import kafka, mapping, place, rutter, senders
from service.cli.checkup.finding import Finding, State, good, note, skipped, wrong
from service.cli.opening import AsJson, DataDir
from service.cli.show import GREEN, RED, YELLOW, as_json, line
from service.clock import SystemClock
from service.configuration.declaring import declare, mismatches
from service.configuration.file import Secrets, WrongFile, read_file
from service.installation import Incomplete, Installation, installation
from service.running import kafka_settings, rutter_settings
from service.rutter.connections import Connections
from service.rutter.transport import Transport
from service.sealing import KeyRing
from service.settings import Settings, WrongSettings, read_settings
from service.trail import connections
from service.trail.database import Trail, TrailUnavailableError, open_trail

MARKS: Final[dict[State, tuple[str, str]]] = {
    "good": ("✓", GREEN), "note": ("!", YELLOW), "wrong": ("✗", RED), "skipped": ("·", "dim"),
}  # fmt: skip


def run(
    file: Annotated[
        Path | None, typer.Argument(help="Look at what this configuration file would declare, before it is applied.")
    ] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Look at everything, and exit 1 when something is wrong."""
    findings = asyncio.run(examined(file, data_dir))
    if json:
        as_json({"good": not _any_wrong(findings), "findings": [asdict(one) for one in findings]})
    else:
        show(findings)
    if _any_wrong(findings):
        raise typer.Exit(1)


async def examined(file: Path | None, data_dir: Path | None) -> list[Finding]:
    """All findings, in the order in which they depend on each other."""
    read = read_settings(os.environ)
    if isinstance(read, WrongSettings):
        return [_wrong_setting(one) for one in read.lines]
    settings = read if data_dir is None else read.model_copy(update={"data_dir": data_dir})
    findings = [good("settings", "every one can be read"), *place.directory(settings)]
    here = installation(settings, create=False)
    findings += place.admin(settings, here if isinstance(here, Installation) else None)
    trail = _opened(settings, here, findings)
    findings += await kafka.kafka(kafka_settings(settings))
    if file is not None:
        if trail is not None:
            await trail.close()
        trail = await _rehearsed(file, await asyncio.to_thread(_text, file), findings)
    findings += senders.public(settings)
    findings += await _with_rutter(settings, trail)
    if trail is not None:
        findings += senders.sources(tuple(await trail.intake.sources()), settings)
        await trail.close()
    return findings


def _wrong_setting(told: str) -> Finding:
    name, _, says = told.partition(": ")
    return wrong(name, says, "set it so, or leave it out; docs/settings.md says what each means")


def _opened(settings: Settings, here: Installation | Incomplete, findings: list[Finding]) -> Trail | None:
    begun = place.not_begun(settings)
    if begun is not None:
        findings.append(begun)
        return None
    if isinstance(here, Incomplete):
        says, _, cure = here.line.partition(": ")
        findings.append(wrong("trail", says, cure or "see docs/settings.md"))
        return None
    try:
        trail = open_trail(here.trail, here.keys, SystemClock(), visitor=True)
    except TrailUnavailableError as error:
        says, _, cure = str(error).rpartition(": ")
        findings.append(wrong("trail", says or cure, cure if says else "see the database's own log"))
        return None
    findings += place.trail(here)
    return trail


def _text(file: Path) -> str | Finding:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return wrong(str(file), f"cannot be read ({type(error).__name__})", "`ledgerhook init` writes one")


async def _rehearsed(file: Path, text: str | Finding, findings: list[Finding]) -> Trail | None:
    """A trail in memory with what the file declares."""
    if isinstance(text, Finding):
        findings.append(text)
        return None
    wanted = read_file(text, Secrets(os.environ))
    if isinstance(wanted, WrongFile):
        findings += [wrong(str(file), told, "mend that line") for told in wanted.lines]
        return None
    trail = open_trail(":memory:", KeyRing({"memory": os.urandom(32)}), SystemClock(), migrate=True)
    try:
        await trail.run(lambda c: declare(c, trail.keys, wanted, datetime.now(UTC)))
    except Exception as error:
        await trail.close()
        lines = mismatches(error)
        if lines is None:
            raise
        findings += [wrong(str(file), told, "mend that line") for told in lines]
        return None
    findings.append(good(str(file), f"{len(wanted.connections)} connections, {len(wanted.sources)} sources"))
    return trail


async def _with_rutter(settings: Settings, trail: Trail | None) -> list[Finding]:
    standings = () if trail is None else await trail.read(connections.standings)
    reached = rutter_settings(settings)
    transport = Transport(reached)
    try:
        api = Connections(transport, SystemClock())
        told = await rutter.rutter(api, reached)
        if not standings and trail is None and not reached.client_id:
            told = replace(told, findings=[replace(one, state="note") for one in told.findings])
        findings = [*told.findings, rutter.clock(reached)]
        for standing in standings:
            alias = standing.connection.alias
            opened = None if trail is None else await trail.work.connection(alias)
            if trail is None or opened is None:
                continue
            if opened.state is ConnectionState.PAUSED:
                findings.append(note(f"connection {alias}", f"paused: {standing.state_reason or 'by a person'}"))
                continue
            findings += mapping.gaps(opened)
            if told.listed is None:
                findings.append(skipped(f"connection {alias}", "not looked at: Rutter could not be asked"))
                continue
            looked = await rutter.connection(api, standing, opened, told.listed)
            findings += looked
            findings += await _named(trail, transport, opened, looked)
        return findings
    finally:
        await transport.close()


async def _named(trail: Trail, transport: Transport, opened: Connection, looked: list[Finding]) -> list[Finding]:
    if any(one.state == "wrong" for one in looked):
        return [skipped(f"mapping of {opened.alias}", "not compared with the books: the connection comes first")]
    return await mapping.mapping(trail, transport, opened)


def _any_wrong(findings: list[Finding]) -> bool:
    return any(one.state == "wrong" for one in findings)


def show(findings: list[Finding]) -> None:
    """A line each, and its cure below."""
    for one in findings:
        mark, style = MARKS[one.state]
        line(
            (mark, style), "  ", (one.what, "bold"), "  ", Text(one.says, style="dim" if one.state == "skipped" else "")
        )
        if one.cure is not None:
            line(f"   → {one.cure}", style=style)
