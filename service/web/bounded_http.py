"""Bounds on what comes before a body: uvicorn's parser takes any number of headers of any size, for any time."""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 64 * 1024
"""Bytes of request line and headers."""
HEAD_SECONDS: Final = 10.0
"""From a connection, or a request's first byte, to the end of its headers."""
_LINGER_SECONDS: Final = 1.0


class BoundedHttp(HttpToolsProtocol):
    """HTTP/1.1 whose request heads are bounded in size and time: 431 and 408, and the connection is closed."""

    _head = 0
    _inside_head = True
    _head_timer: asyncio.TimerHandle | None = None
    _too_large = False
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """The clock of the first head starts with the connection."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """No clock outlives its connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counted before it is parsed: a header without an end is held by the parser."""
        if self._refused:
            return
        if self._inside_head:
            self._head += len(data)
        super().data_received(data)
        if not self._inside_head or not self._head or self.transport.is_closing():
            return  # whole, or between two requests
        if self._head > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")
        elif self._head_timer is None:
            self._start_timer()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Many small headers in one piece."""
        super().on_header(name, value)
        if len(self.headers) > 200:
            self._too_large = True

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._inside_head = False
        self._stop_timer()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._too_large or size > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")
        if self._refused:
            return  # nor is what is pipelined behind it taken
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head may follow."""
        self._inside_head, self._head, self._too_large = True, 0, False
        if self.cycle is not None:
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Nobody reads the body of a request that was refused by its head."""
        if self.cycle is not None:
            super().on_body(body)

    def _start_timer(self) -> None:
        if not self._refused:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_late)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_late(self) -> None:
        self._head_timer = None
        if self._inside_head and not self.transport.is_closing():
            self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        """Answer, and read on for a second: closing on a client that is still writing would cost it the answer."""
        self._stop_timer()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)
