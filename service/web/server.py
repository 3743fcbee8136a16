"""The server of the public app: uvicorn with httptools and, where there is one, uvloop."""

import sys
from typing import Final

from starlette.applications import Starlette
from uvicorn import Config

from service.web.bounded_http import BoundedHttp

_KEEP_ALIVE_SECONDS: Final = 20
_STOP_SECONDS: Final = 5
"""An answer takes four at most."""


def public_config(app: Starlette, host: str, port: int) -> Config:
    """uvicorn's configuration; port 0 takes any free one. Lines of our own say what happened, so no access log."""
    return Config(
        app,
        host=host,
        port=port,
        http=BoundedHttp,
        loop="asyncio" if sys.platform == "win32" else "uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        backlog=1024,
    )
