"""The door: the login form takes the admin token once and gives a session."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.console.access import from_elsewhere
from service.console.forms import read_form
from service.console.room import Room, see


class SigningIn:
    """Login and logout."""

    def __init__(self, room: Room) -> None:
        """One for an app."""
        self._room = room

    async def login(self, request: Request) -> Response:
        """The form, and what it sends."""
        if request.method != "POST":
            return self._form(request, request.query_params.get("next", "/"))
        if from_elsewhere(request):
            return self._form(request, "/", "That form came from another site.", 403)
        try:
            fields = await read_form(request)
            known = self._room.access.knows(fields.get("token", "").strip(), request)
        except HTTPException as error:
            refused = self._form(request, "/", str(error.detail), error.status_code)
            refused.headers.update(error.headers or {})
            return refused
        if not known:
            return self._form(request, fields.get("next", "/"), "That is not the admin token.", 401)
        response = see(_inside(fields.get("next", "/")))
        self._room.access.begin(request, response)
        return response

    async def logout(self, room: Room, request: Request) -> Response:
        """Ends the browser's session."""
        await room.form(request)
        response = see("/login")
        room.access.end(response)
        return response

    def _form(self, request: Request, then: str, problem: str | None = None, status: int = 200) -> Response:
        return self._room.show(request, "login.html", status, then=_inside(then), problem=problem)


def _inside(path: str) -> str:
    """Only a path of ours: never another site that a link smuggled in."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) < 2000
    return path if plain else "/"
