"""What every page shares: the door, one read of the trail, the frame around what is shown, and trouble told plainly."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.console.access import Access, from_elsewhere
from service.console.desk import AdminDesk
from service.console.forms import read_form
from service.console.rendering import page, templates
from service.console.settled import Settled
from service.faults import passes
from service.trail.overview import attention

T = TypeVar("T")
SEE_OTHER: Final = 303
NOTICE: Final = "told"


class Room:
    """The console's shared parts. A page is `async (room, request) -> Response`; `guarded` makes it an endpoint."""

    def __init__(self, desk: AdminDesk, access: Access) -> None:
        """One for an app."""
        self.desk: Final = desk
        self.access: Final = access
        self.settled: Final = Settled()
        self._templates = templates()

    def guarded(self, show: "Page") -> Callable[[Request], Awaitable[Response]]:
        """Signed in, or off to the login page; a trail that cannot be read is said."""

        async def endpoint(request: Request) -> Response:
            if self.access.session(request) is None:
                return _to_login(request)
            try:
                return await show(self, request)
            except HTTPException as error:
                return self.trouble(request, error.status_code, str(error.detail))
            except Exception as error:
                if not passes(error):
                    raise
                return self.trouble(request, 503, "The trail cannot be read now. It is tried again at the next look.")

        return endpoint

    async def read(self, request: Request, query: Callable[[Connection], T]) -> T:
        """What the query answers; how much waits for a person is read in the same look, for the frame."""

        def both(c: Connection) -> tuple[int, T]:
            return attention(c), query(c)

        request.state.attention, answer = await self.desk.trail.read(both)
        return answer

    async def form(self, request: Request) -> Mapping[str, str]:
        """The fields of a form that a page of this session sent; 403 otherwise."""
        session = self.access.session(request)
        fields = await read_form(request)
        if session is None or from_elsewhere(request) or not self.access.csrf_holds(session, fields.get("csrf", "")):
            raise HTTPException(403, "This form is not from a page of your session: open the page again and repeat it.")
        return fields

    def show(self, request: Request, name: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 (as `page`)
        """A page in its frame."""
        session = self.access.session(request)
        return page(
            self._templates,
            name,
            status,
            path=request.url.path,
            signed_in=session is not None,
            csrf=self.access.csrf(session) if session is not None else "",
            attention=getattr(request.state, "attention", 0),
            now=self.desk.now(),
            told=request.query_params.get(NOTICE, "")[:300],
            **context,
        )

    def trouble(self, request: Request, status: int, text: str) -> Response:
        """A page that says what is wrong."""
        return self.show(request, "trouble.html", status, code=status, problem=text)


Page = Callable[[Room, Request], Awaitable[Response]]


def see(path: str) -> RedirectResponse:
    """Off to another page after a form was taken."""
    return RedirectResponse(path, SEE_OTHER)


def _to_login(request: Request) -> RedirectResponse:
    if request.method != "GET" or request.url.path == "/":
        return see("/login")
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return see(f"/login?next={quote(where, safe='')}")
