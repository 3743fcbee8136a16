"""A connection's mapping: what its books have, proposed; a form to set it, through the same declaration as the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection as DatabaseConnection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schemas.connections import Connection
from service.configuration.curing import cure
from service.configuration.declaring import declare, mismatches
from service.configuration.file import Declarations
from service.configuration.mapping_writing import connection_toml
from service.console.forms import asked
from service.console.room import Room, see
from service.setup.answers import all_understood
from service.setup.asking import ask, requests
from service.setup.groups import groups, slots_of
from service.setup.looking import shelf_of
from service.setup.outcome import Outcome, outcome
from service.setup.shelf import Shelf
from service.setup.slot import Group, Make, Slot, Value, spoken, written
from service.trail import connections


@dataclass(frozen=True, slots=True)
class Row:
    """A slot as the form shows it. `offered`: answers to choose from; `is_new`: proposed, and not declared yet."""

    slot: Slot
    answer: str
    meaning: str
    offered: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """A connection, what there is to propose from, and the screens that come of it."""

    connection: Connection
    shelf: Shelf
    screens: tuple[Group, ...]


async def mapping_page(room: Room, request: Request) -> Response:
    """`GET /connections/mapping`: every proposal."""
    alias = asked(request, "connection") or ""
    shown = await room.read(request, lambda c: _read(room, c, alias))
    proposed = {key: slot.proposed for key, slot in slots_of(shown.screens).items()}
    return _page(room, request, shown, {key: written(value) for key, value in proposed.items()}, ())


async def mapping_form(room: Room, request: Request) -> Response:
    """`POST /connections/mapping`: all of it, or, with a line a mistake, nothing."""
    fields = await room.form(request)
    shown = await room.read(request, lambda c: _read(room, c, fields.get("connection", "")))
    given = {key: answer for key, answer in fields.items() if key in slots_of(shown.screens)}
    values, wrong = all_understood(slots_of(groups(shown.connection, shown.shelf, _first(shown, given))), given)
    if wrong:
        return _page(room, request, shown, given, wrong)
    came_to = outcome(shown.connection, values)
    refused = await _declared(room, came_to)
    if refused:
        return _page(room, request, shown, given, refused)
    alias, now = shown.connection.alias, room.desk.now()
    cured = await cure(room.desk.trail, {alias}, now, let_go="release" in fields)
    parts = [f"{alias} is mapped so."]
    if came_to.makes:
        parts.append(f"Asked for: {', '.join(one.name for one in came_to.makes)}.")
    if cured.released:
        parts.append(f"Released {cured.count}, oldest first.")
    return see(f"/connections/mapping?{urlencode({'connection': alias, 'told': ' '.join(parts)})}")


def _first(shown: _Shown, given: Mapping[str, str]) -> dict[str, Value]:
    """The answers as far as they are understood: what items that are made are booked on."""
    return all_understood(slots_of(shown.screens), given)[0]


async def _declared(room: Room, came_to: Outcome) -> tuple[str, ...]:
    """Declared, and asked for; or why not."""
    trail, keys, now = room.desk.trail, room.desk.keys, room.desk.now()
    wanted = await trail.read(lambda c: requests(c, came_to.connection, came_to.makes, now))
    declarations = Declarations((came_to.connection,), ())
    try:
        await trail.run(lambda c: declare(c, keys, declarations, now, came_to.to_be_made))
    except Exception as error:
        lines = mismatches(error)
        if lines is None:
            raise
        return lines
    await ask(trail, wanted, now)
    return ()


def _read(room: Room, c: DatabaseConnection, alias: str) -> _Shown:
    connection = connections.connection(c, room.desk.keys, alias)
    if connection is None:
        raise HTTPException(404, "There is no such connection.")
    shelf = shelf_of(c, connection)
    return _Shown(connection, shelf, groups(connection, shelf))


def _page(room: Room, request: Request, shown: _Shown, answers: Mapping[str, str], wrong: tuple[str, ...]) -> Response:
    declared = {key: slot.proposed for key, slot in slots_of(groups(shown.connection, Shelf())).items()}
    screens = [
        (group.title, [_row(slot, answers.get(slot.key, ""), declared.get(slot.key)) for slot in group.slots])
        for group in shown.screens
    ]
    return room.show(
        request,
        "mapping.html",
        status=422 if wrong else 200,
        connection=shown.connection,
        has_lists=bool(shown.shelf.lists.get("account")),
        screens=screens,
        wrong=wrong,
        toml=connection_toml(shown.connection),
    )


def _row(slot: Slot, answer: str, declared: Value) -> Row:
    offered = tuple(word or "-" for word in slot.words) or tuple(written(choice) for choice in slot.choices)
    if slot.makes is not None:
        offered = (*offered, written(slot.makes))
    proposed = slot.proposed
    is_new = isinstance(proposed, Make) or (proposed != declared and not isinstance(proposed, str | None))
    return Row(slot, answer, spoken(slot, proposed), offered, is_new)
