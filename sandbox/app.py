"""The sandbox as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from sandbox.api import VersionedApi
from sandbox.clock import Clock, utc_now
from sandbox.control import Control
from sandbox.link.window import LinkWindow
from sandbox.settings import Settings
from sandbox.world import World


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Starlette:
    """A sandbox with its own empty world, at `app.state.world`."""
    world = World(settings or Settings(), clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await world.close()

    app = Starlette(
        routes=[
            Route("/versioned/{path:path}", VersionedApi(world)),
            Route("/_sandbox/{path:path}", Control(world)),
            Route("/linkstart/{path:path}", LinkWindow(world)),
        ],
        lifespan=lifespan,
    )
    app.state.world = world
    return app
