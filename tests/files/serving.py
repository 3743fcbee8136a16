"""A web server of a few lines, to fetch files from: it answers what it is told to, byte for byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = bytes | Callable[[], bytes]


def answered(body: bytes, *, status: int = 200, **headers: str) -> bytes:
    """One answer, whole."""
    lines = [f"HTTP/1.1 {status} Said", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to: str, status: int = 302) -> bytes:
    """A redirect."""
    return answered(b"", status=status, location=to)


@dataclass
class FileServer:
    """What is asked, and what is answered; a path that is not there is a 404, one that is None is never answered."""

    port: int = 0
    answers: dict[str, Answer | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            self.asked.append(path)
            self.hosts += [line[6:] for line in head.split("\r\n") if line.lower().startswith("host: ")]
            answer = self.answers.get(path, answered(b"no such file", status=404))
            if answer is None:
                await reader.read()  # until whoever asked is tired of it
                return
            writer.write(answer() if callable(answer) else answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def file_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[FileServer]:
    """It runs on this machine."""
    served = FileServer()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
