"""A multipart/form-data body, read into its parts (RFC 7578)."""

from collections.abc import AsyncGenerator

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

_LARGEST_PART = 64 * 1024 * 1024


async def read_multipart(content_type: str, body: bytes) -> dict[str, bytes] | str:
    """Each part's bytes by its name, or the line that says what is wrong. A file's own name, when the part carries
    one, is under `<name>.filename`."""

    async def stream() -> AsyncGenerator[bytes]:
        yield body
        yield b""

    parser = MultiPartParser(Headers({"content-type": content_type}), stream(), max_part_size=_LARGEST_PART)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as problem:
        return f"multipart/form-data: {problem}"
    parts: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            parts[name] = await value.read()
            parts[f"{name}.filename"] = (value.filename or "").encode()
        else:
            parts[name] = value.encode()
    await form.close()
    return parts
