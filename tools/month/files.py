"""The month's files, served as a shop would serve them: `/{order}/{content}`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

_ONE_DOT: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000000200015e221bc30000000049454e44ae426082"
)
CONTENTS: Final = {
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "png": _ONE_DOT,
    "jpg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 20 + bytes.fromhex("ffd9"),
    "csv": b"sku,quantity\nMUG-BLUE,2\nTEE-M,1\n",
    "txt": b"Thank you for your order.\n",
    "exe": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
}


def content_of(order: str, kind: str) -> bytes:
    """The bytes at `/{order}/{kind}`: no two orders have the same text or PDF."""
    body = CONTENTS[kind]
    mark = {"pdf": b"%% %s\n", "csv": b"%s,1\n", "txt": b"%s\n"}.get(kind)
    return body + mark % order.encode() if mark else body


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
