"""`POST /api/attachments`: a file given for the invoice of an order; the body is the file."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.console.answering import says
from service.console.forms import asked
from service.files.giving import Gift, Given, NotGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachDesk:
    """Taking files: of at most so many bytes."""

    give: Callable[[Gift], Awaitable[Given | NotGiven]]
    most_bytes: int


async def attach(desk: AttachDesk | None, request: Request) -> Response:
    """Take it: 201 with what it is; 400 where something is missing or wrong, 413 where it is too large."""
    if desk is None:
        raise HTTPException(501, "this process takes no files")
    connection, order, name = (asked(request, part) for part in ("connection", "order", "file_name"))
    if connection is None or order is None or name is None:
        raise HTTPException(400, "connection, order and file_name are needed in the query; the body is the file")
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > desk.most_bytes:
            raise HTTPException(413, f"a file of at most {desk.most_bytes} bytes is taken")
    namespace = asked(request, "namespace")
    given = await desk.give(
        Gift(connection=connection, order=order, file_name=name, content=bytes(content), namespace=namespace)
    )
    if isinstance(given, NotGiven):
        raise HTTPException(400, given.reason)
    return says(given, 201)
