"""Answers as JSON."""

from typing import Any

import orjson
from starlette.responses import Response


def says(value: Any, status: int = 200) -> Response:  # noqa: ANN401 (any JSON, dataclasses included)
    """A JSON answer."""
    return Response(orjson.dumps(value), status, media_type="application/json")
