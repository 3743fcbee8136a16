"""A file as Rutter takes it: multipart/form-data with the parts `file` and `file_name` (Rutter: Create an invoice
attachment; RFC 7578).

The stored body of such a write says which file; the same write makes the same bytes each time it is sent.
"""

from typing import Final, Protocol
from urllib.parse import quote

from schemas import exact_json
from schemas.documents import DocumentKind
from schemas.writes import StoredWrite

_PLAIN: Final = " !#$&+-.^_`|~()[]{},;=@'"
"""What stands for itself between quotes; the rest of ASCII, and what is not ASCII, is percent-encoded (RFC 7578, 2)."""


class Contents(Protocol):
    """The files that are kept."""

    async def content(self, connection: str, digest: str) -> bytes | None:
        """The bytes of the file of that SHA-256; None where none is kept."""
        ...


class NoFileError(Exception):
    """The file of a stored write is not kept, or its body does not say which it is."""


async def multipart(write: StoredWrite, contents: Contents | None) -> tuple[str, bytes]:
    """The Content-Type and the body of the upload.

    Raises:
        NoFileError: it is not there; SealError where it does not open.
    """
    told = exact_json.loads(write.body)
    attachment = told.get(DocumentKind.ATTACHMENT.wrapper) if isinstance(told, dict) else None
    if not isinstance(attachment, dict):
        raise NoFileError(f"the body of {write.key} does not say which file it is")
    name, kind, digest = (str(attachment.get(field)) for field in ("file_name", "content_type", "digest"))
    content = None if contents is None else await contents.content(write.connection, digest)
    if content is None:
        raise NoFileError(f"the file {digest} of {write.key} is not kept")
    return _form(name, kind, content, _boundary(write, content))


def _boundary(write: StoredWrite, content: bytes) -> str:
    """Never in the file, and the same each time."""
    boundary = f"ledgerhook-{write.idempotency_key}"
    while boundary.encode() in content:
        boundary += "-"
    return boundary


def _form(name: str, kind: str, content: bytes, boundary: str) -> tuple[str, bytes]:
    line = f"--{boundary}\r\n".encode()
    body = b"".join(
        (
            line,
            b'Content-Disposition: form-data; name="file_name"\r\n\r\n',
            name.encode(),
            b"\r\n",
            line,
            f'Content-Disposition: form-data; name="file"; filename="{quote(name, safe=_PLAIN)}"\r\n'.encode(),
            f"Content-Type: {kind}\r\n\r\n".encode(),
            content,
            f"\r\n--{boundary}--\r\n".encode(),
        )
    )
    return f"multipart/form-data; boundary={boundary}", body
