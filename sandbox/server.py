"""The sandbox as a running server: for a command line, and in a test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.app import create_app
from sandbox.clock import Clock, utc_now
from sandbox.settings import Settings
from sandbox.wire import CUT_EXTENSION
from sandbox.world import World


class _CuttableProtocol(HttpToolsProtocol):
    """Lends each request the means to close its connection without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CUT_EXTENSION: self.transport.close}  # type: ignore[dict-item]  # ours alone


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to whoever started it, and stops the moment it is told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_stop = asyncio.Event()

    async def main_loop(self) -> None:
        await self.told_to_stop.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox. `base_url` is what a Rutter client is pointed at."""

    url: str
    settings: Settings
    world: World

    @property
    def base_url(self) -> str:
        """The versioned API's root."""
        return f"{self.url}/versioned"


def _config(app: object, *, seconds_to_stop: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # Starlette is an ASGI application
        http=_CuttableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,  # as load balancers do: longer than clients keep an idle connection for another request
        timeout_graceful_shutdown=seconds_to_stop,
    )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Protocol and TCP_NODELAY are named, or answers in two writes wait 40 ms for an ACK."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind((host, port))
    listener.listen(2048)
    listener.setblocking(False)
    return listener


@asynccontextmanager
async def running_sandbox(
    settings: Settings | None = None, *, clock: Clock = utc_now, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Sandbox]:
    """A sandbox in this event loop, on an ephemeral port unless one is given; stopped on leaving."""
    chosen = settings or Settings()
    app = create_app(chosen, clock=clock)
    server = _Server(_config(app, seconds_to_stop=1))
    listener = _listen(host, port)
    bound: int = listener.getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise RuntimeError("the sandbox stopped before it was ready")
            await asyncio.sleep(0.001)
        yield Sandbox(f"http://{host}:{bound}", chosen, app.state.world)
    finally:
        server.told_to_stop.set()
        await serving


async def serve(
    host: str,
    port: int,
    *,
    settings: Settings | None = None,
    clock: Clock = utc_now,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `ready` is called with the server's URL once it listens."""
    listener = _listen(host, port)
    bound: int = listener.getsockname()[1]
    server = uvicorn.Server(_config(create_app(settings, clock=clock), seconds_to_stop=5))
    if ready is not None:
        ready(f"http://{host}:{bound}")
    await server.serve(sockets=[listener])
