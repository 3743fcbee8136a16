"""Serving HTTP on listeners that are bound first, so that an address in use is told before anything starts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.applications import Starlette

_BACKLOG: Final = 2048


class ListenError(Exception):
    """An address that cannot be bound; one line with the cure."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket."""

    bound: socket.socket
    url: str


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs several servers in one process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int, setting: str) -> Listener:
    """Bind; `setting` names what to change when it cannot be done.

    Raises:
        ListenError: the address is taken, not ours, or forbidden.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind((host, port))
        bound.listen(_BACKLOG)
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise ListenError(f"{host}:{port} cannot be listened on ({error.strerror}); set {setting} to another") from None
    shown = host if family == socket.AF_INET else f"[{host}]"
    return Listener(bound, f"http://{shown}:{bound.getsockname()[1]}")


def admin_config(app: Starlette) -> uvicorn.Config:
    """For the admin listener: people and scrapers, so nothing is tuned."""
    return uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


@asynccontextmanager
async def serving(config: uvicorn.Config, listener: Listener) -> AsyncIterator[Callable[[], None]]:
    """Serve while the block runs; requests in hand are finished on leaving, or from when what it gives is called."""
    server = _Server(config)

    def stop() -> None:
        server.should_exit = True

    task = asyncio.create_task(server.serve(sockets=[listener.bound]))
    try:
        while not server.started:
            if task.done():
                task.result()
                raise ListenError(f"the server on {listener.url} ended while it started")
            await asyncio.sleep(0.005)
        yield stop
    finally:
        stop()
        await task
