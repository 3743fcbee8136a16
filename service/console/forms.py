"""What browsers and programs send us: small bodies, read up to a bound."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from schemas import exact_json

MAX_BODY: Final = 64 * 1024
_MAX_FIELDS: Final = 50
MAX_QUERY: Final = 500
"""Characters of one query parameter."""


async def read_bounded(request: Request) -> bytes:
    """The body; 413 beyond the bound, before it is read whole."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, "the body is too large")
    return bytes(body)


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form; 400 when it is none."""
    body = await read_bounded(request)
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise HTTPException(400, "not a form") from None


async def read_json(request: Request) -> dict[str, Any]:
    """A JSON object; 400 when it is none."""
    value = exact_json.loads(await read_bounded(request))
    if not isinstance(value, dict):
        reason = value.reason if isinstance(value, exact_json.BadJson) else "not an object"
        raise HTTPException(400, f"the body must be a JSON object: {reason}")
    return value


def asked(request: Request, name: str) -> str | None:
    """A query parameter, None when absent or empty; 400 when it is absurd."""
    text = request.query_params.get(name, "").strip()
    if len(text) > MAX_QUERY or "\x00" in text:
        raise HTTPException(400, f"{name} is too long, or holds a NUL")
    return text or None


def asked_number(request: Request, name: str) -> int | None:
    """A whole number above zero among the query parameters; 400 when it is none."""
    text = asked(request, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise HTTPException(400, f"{name} must be a whole number")
    return int(text)
