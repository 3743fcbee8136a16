"""`ledgerhook setup`: from the books' own lists to a mapping that leaves nothing guessed, in a few keystrokes."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from consumers.requests import Requested
from schemas.addition_events import AccountRequested
from service.cli.apply import declare_or_fail, show_cured
from service.cli.dialogue import Dialogue, answers_of
from service.cli.opening import AsJson, DataDir, settings_or_fail, visit
from service.cli.show import ERR, GREEN, OUT, YELLOW, as_json, fail
from service.configuration.curing import Cured
from service.configuration.file import Declarations
from service.configuration.mapping_writing import connection_toml
from service.running import rutter_settings
from service.rutter.settings import RutterSettings
from service.setup.answers import all_understood
from service.setup.asking import ask, made, requests, stuck
from service.setup.groups import groups, slots_of
from service.setup.looking import Seen, look
from service.setup.outcome import Outcome, outcome
from service.setup.slot import Make, written
from service.trail import overview
from service.trail.database import Trail

HEADER: Final = "# Written by `ledgerhook setup {alias}`; apply it again after a change: ledgerhook apply {file}\n"
_MARK: Final = "# Written by `ledgerhook setup "


def run(
    connection: Annotated[str, typer.Argument(help="The connection's alias.")],
    accept: Annotated[bool, typer.Option("--accept", help="Ask nothing: take every proposal.")] = False,
    answers: Annotated[
        Path | None, typer.Option(help="Ask nothing: `key = answer` a line, and every proposal besides.")
    ] = None,
    write: Annotated[Path | None, typer.Option(help="The file to write; CONNECTION.toml here, otherwise.")] = None,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for what is made in the books.")] = 30,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Go through accounts, items, documents and decisions; then make what is lacking, write the file and apply it."""
    file = write or Path(f"{connection}.toml")
    _own_or_fail(file)
    rutter = rutter_settings(settings_or_fail())
    seen = visit(data_dir, lambda trail: _look(trail, rutter, connection))
    dialogue = Dialogue(ERR if json else OUT)
    if seen.note is not None:
        ERR.print(Text(f"note: {seen.note}", style=YELLOW), soft_wrap=True)
    if accept or answers is not None:
        _answered(dialogue, seen, answers)
    else:
        for number in range(len(groups(seen.connection, seen.shelf))):
            dialogue.go_through(groups(seen.connection, seen.shelf, dialogue.values)[number])
    came_to = outcome(seen.connection, dialogue.values)
    if not (accept or answers is not None):
        _confirm(dialogue, came_to, file)
    cured, missing = visit(data_dir, lambda trail: _done(trail, came_to, file, wait))
    _tell(came_to, dialogue, file, cured, missing, json=json)


def _own_or_fail(file: Path) -> None:
    """A file that somebody wrote by hand is not written over."""
    try:
        there = file.read_text("utf-8") if file.exists() else _MARK
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read ({type(error).__name__})")
    if not there.startswith(_MARK):
        fail(f"{file} was not written by setup, and stays as it is: --write another one")


async def _look(trail: Trail, rutter: RutterSettings, alias: str) -> Seen:
    seen = await look(trail, rutter, alias)
    if seen is None:
        known = await trail.read(overview.aliases)
        fail(f"there is no connection {alias}; there are: {', '.join(known) or 'none yet'}")
    if not seen.shelf.lists.get("account"):
        fail(seen.note or f"{alias}: Rutter shows no accounts yet; wait for its first reading of the books")
    if seen.connection.home_currency is None:
        fail(f"{alias}: nobody says which currency its books are kept in; give home_currency in a file, and apply it")
    return seen


def _answered(dialogue: Dialogue, seen: Seen, answers: Path | None) -> None:
    try:
        given = {} if answers is None else answers_of(answers.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{answers} cannot be read ({type(error).__name__})")
    first, wrong = all_understood(slots_of(groups(seen.connection, seen.shelf)), given)
    if wrong:
        fail(wrong[0], *wrong[1:])
    screens = groups(seen.connection, seen.shelf, first)
    dialogue.values, _ = all_understood(slots_of(screens), given)
    for screen in screens:
        dialogue.show(screen)


def _confirm(dialogue: Dialogue, came_to: Outcome, file: Path) -> None:
    names = ", ".join(_noun(one) for one in came_to.makes)
    make = f"make {names} in the books, " if names else ""
    while dialogue.asked(f"Enter: {make}write {file} and apply it; q ends"):
        pass


def _noun(one: Make) -> str:
    return f"the {'item' if one.account_type is None else 'account'} {one.name}"


async def _done(trail: Trail, came_to: Outcome, file: Path, wait: int) -> tuple[Cured, tuple[str, ...]]:
    """Declared and asked for, then written; what waited for it goes on once what was asked for is there."""
    now = datetime.now(UTC)
    connection = came_to.connection
    wanted = await trail.read(lambda c: requests(c, connection, came_to.makes, now))
    declarations = Declarations((connection,), ())
    _, nothing = await declare_or_fail(trail, declarations, let_go=False, to_be_made=came_to.to_be_made)
    await ask(trail, wanted, now)
    _write(file, HEADER.format(alias=connection.alias, file=file) + connection_toml(connection))
    missing = await _awaited(trail, wanted, wait)
    if missing:
        return nothing, missing
    _, cured = await declare_or_fail(trail, declarations, let_go=True, to_be_made=came_to.to_be_made)
    return cured, ()


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        fail(f"applied, but {file} cannot be written ({error.strerror})")


async def _awaited(trail: Trail, wanted: tuple[Requested, ...], wait: int) -> tuple[str, ...]:
    """What is not in the books when the time is over, or waits for a person."""
    ends = time.monotonic() + wait
    while len(there := await made(trail, wanted)) < len(wanted):
        parked = await trail.read(lambda c: stuck(c, wanted))
        if parked:
            return parked
        if time.monotonic() >= ends:
            cure = "it is made once the service runs: ledgerhook up"
            return tuple(f"{_called(one)}: {cure}" for one in wanted if one.key not in there)
        await asyncio.sleep(0.1)
    return ()


def _called(one: Requested) -> str:
    if isinstance(one, AccountRequested):
        return f"the account {one.data.account.name}"
    return f"the item {one.data.item.name}"


def _tell(
    came_to: Outcome, dialogue: Dialogue, file: Path, cured: Cured, missing: tuple[str, ...], *, json: bool
) -> None:
    if json:
        as_json(
            {
                "connection": came_to.connection.alias,
                "file": str(file),
                "answers": {key: written(value) for key, value in dialogue.values.items()},
                "made": [one.name for one in came_to.makes],
                "not_made_yet": missing,
                "released": cured.count if cured.released else 0,
                "prompts": dialogue.prompts,
                "keystrokes": dialogue.keystrokes,
            }
        )
        return
    OUT.print()
    for one in came_to.makes:
        if not missing:
            OUT.print(Text.assemble(("made      ", GREEN), _noun(one)))
    for line in missing:
        OUT.print(Text.assemble(("waits     ", YELLOW), line), soft_wrap=True)
    OUT.print(Text.assemble(("applied   ", GREEN), f"{file}: connection {came_to.connection.alias}"))
    if cured.count:
        show_cured(cured)
    OUT.print(Text(f"{dialogue.prompts} prompts, {dialogue.keystrokes} keystrokes", style="dim"))
