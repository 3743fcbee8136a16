"""The ceiling of intake: the same Starlette, uvicorn, protocol and event loop, answering 202 after reading the body."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.subjects.saying import say
from service.cli.starting import loop_factory
from service.running import stop_on_signals
from service.serving import listen, serving
from service.web.server import public_config


async def take(request: Request) -> Response:
    """Read the body, say 202."""
    await request.body()
    return Response(b'{"delivery":"019a0000-0000-7000-8000-000000000000"}', 202, media_type="application/json")


async def main() -> None:
    """Serve until told to end."""
    app = Starlette(routes=[Route("/webhooks/{source}", take, methods=["POST"])])
    listener = listen("127.0.0.1", 0, "nothing")
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with serving(public_config(app, "127.0.0.1", 0), listener):
        say(public=listener.url)
        await stop.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main())
