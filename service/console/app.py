"""The admin app: `/` the console, `/api/…`, `/metrics`, `/health/ready`, `/health/live`. Everything but health and our
own style sheet needs the admin token."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from service.console import adopting, connecting, mapping_page, noticed, pages, pausing
from service.console.access import Access
from service.console.answering import says
from service.console.api import Api
from service.console.attaching import attach
from service.console.connect_api import ConnectApi
from service.console.desk import AdminDesk
from service.console.forecast_api import ForecastApi
from service.console.headers import SecurityHeaders
from service.console.measures import exposition
from service.console.readiness import readiness
from service.console.rendering import FILES
from service.console.room import Room
from service.console.signing_in import SigningIn

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def create_admin_app(desk: AdminDesk) -> Starlette:
    """The app. It has no lifespan of its own: what the desk holds belongs to whoever built it."""
    access = Access(desk.admin_token, desk.now)
    room = Room(desk, access)
    api = Api(desk, access, room.settled)

    async def troubled(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = str(error.detail) if isinstance(error, HTTPException) else "Something went wrong; the log says what."
        if request.url.path.startswith("/api/"):
            return says({"error": detail}, status)
        return room.trouble(request, status, "There is no such page." if status == 404 else detail)

    return Starlette(
        routes=[*_health(desk), *_console(room), *_api(api, room)],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: troubled, Exception: troubled},
    )


def _health(desk: AdminDesk) -> list[BaseRoute]:
    async def live(_: Request) -> PlainTextResponse:
        return PlainTextResponse("live\n")

    async def ready(_: Request) -> Response:
        found = await readiness(desk.checks)
        checks = {name: problem or "ok" for name, problem in found.checks.items()}
        return says({"ready": found.ready, "checks": checks}, 200 if found.ready else 503)

    return [Route("/health/live", live), Route("/health/ready", ready)]


def _console(room: Room) -> list[BaseRoute]:
    door = SigningIn(room)
    return [
        Mount("/static", StaticFiles(directory=FILES)),
        Route("/login", door.login, methods=["GET", "POST"]),
        Route("/logout", room.guarded(door.logout), methods=["POST"]),
        Route("/", room.guarded(pages.overview_page)),
        Route("/parked", room.guarded(pages.parked_page)),
        Route("/parked/release", room.guarded(pages.release_form), methods=["POST"]),
        Route("/documents", room.guarded(pages.documents_page)),
        Route("/orders", room.guarded(pages.orders_page)),
        Route("/orders/story", room.guarded(pages.story_page)),
        Route("/deliveries", room.guarded(pages.delivery_page)),
        Route("/tie-out", room.guarded(pages.tie_out_page)),
        Route("/connections", room.guarded(pages.connections_page)),
        Route("/connections/mapping", room.guarded(mapping_page.mapping_page)),
        Route("/connections/mapping", room.guarded(mapping_page.mapping_form), methods=["POST"]),
        Route("/connections/pause", room.guarded(pausing.pause_form), methods=["POST"]),
        Route("/connections/resume", room.guarded(pausing.resume_form), methods=["POST"]),
        Route("/connect", room.guarded(connecting.connect_page), methods=["GET"]),
        Route("/connect", room.guarded(connecting.take_form), methods=["POST"]),
        Route("/connect/link", room.guarded(connecting.send_form), methods=["POST"]),
        Route("/connect/listed", room.guarded(connecting.adopt_form), methods=["POST"]),
        Route("/connect/progress", room.guarded(connecting.progress_page)),
        Route("/adopting", room.guarded(adopting.doubts_page)),
        Route("/adopting/decide", room.guarded(adopting.decide_form), methods=["POST"]),
        Route("/noticed", room.guarded(noticed.noticed_page)),
    ]


def _api(api: Api, room: Room) -> list[BaseRoute]:
    async def metrics(_: Request) -> Response:
        return Response(await exposition(room.desk, room.settled), headers={"content-type": _METRICS_TYPE})

    def get(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, api.guarded(answer), methods=["GET"])

    def post(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, api.guarded(answer), methods=["POST"])

    connect = ConnectApi(room.desk)
    return [
        get("/metrics", metrics),
        get("/api/openapi.json", api.document),
        get("/api/overview", api.overview),
        get("/api/parked", api.parked),
        post("/api/release", api.release),
        get("/api/documents", api.documents),
        get("/api/stories", api.stories),
        get("/api/story", api.story),
        get("/api/tie-out", api.tie_out),
        post("/api/replay", api.replay),
        post("/api/attachments", partial(attach, room.desk.attach)),
        *[get(path, answer) for path, answer in ForecastApi(room.desk).reads.items()],
        *[get(path, answer) for path, answer in connect.reads.items()],
        *[post(path, answer) for path, answer in connect.acts.items()],
    ]
