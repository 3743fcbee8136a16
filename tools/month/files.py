"""The month's files, served as a shop would serve them: `/{order}/{content}`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sandbox.month.contents import CONTENTS, content_of


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        _, order, kind = (*self.path.split("/"), "", "")[:3]
        if kind not in CONTENTS:
            self.send_error(404)
            return
        body = content_of(order, kind)
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Nothing is logged."""


@contextmanager
def serving_files() -> Iterator[str]:
    """Serve on an ephemeral port of loopback; `host:port` while it lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
