"""Files attached to invoices (Rutter: /accounting/invoices/{id}/attachments).

Sent as multipart/form-data in the parts `file` and `file_name`; answered at once, never in the async form. Attaching
again makes a second copy: nothing published says that Idempotency-Key works here, so a switch does. An attachment's id
is the platform's own, as it may be with Rutter, and no UUID.
"""

import base64
import mimetypes
from hashlib import sha256
from pathlib import PurePosixPath

from sandbox.clock import iso
from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.fields import filled_text, required, shape, text
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

_COMMON_TYPES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".csv", ".txt"})
SHAPE = shape({"file": required(text), "file_name": required(filled_text), "attached_to_id": required(filled_text)})


def asked_of(invoice_id: str, file: bytes, file_name: str) -> Json:
    """The request as a body the way of writes takes: the file in base64."""
    return {
        "attachment": {
            "file": base64.b64encode(file).decode(),
            "file_name": file_name,
            "attached_to_id": invoice_id,
        }
    }


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Keep the file, unless it is larger or of another type than the switches let the platform take."""
    company, switches = writing.company, writing.switches
    content, name = base64.b64decode(fields["file"]), fields["file_name"]
    if not content:
        return by_platform(company.platform, "empty_file", f"{name} is empty")
    if len(content) > switches.attachment_bytes:
        return by_platform(
            company.platform, "file_too_large", f"{name} has {len(content)} bytes; at most {switches.attachment_bytes}"
        )
    if switches.attachment_types == "common" and PurePosixPath(name).suffix.lower() not in _COMMON_TYPES:
        return by_platform(company.platform, "file_type", f"{name}: files of this type are not taken")
    number = writing.ids.platform_id()
    body: Json = {
        "id": number,
        "platform_id": number,
        "attached_to_id": fields["attached_to_id"],
        "file_name": name,
        "file_url": f"https://files.sandbox.invalid/{number}",
        "attached_to_type": "INVOICE",
        "created_at": "" if company.platform == "XERO" else iso(writing.now),
    }
    writing.put("attachments", body)
    writing.changes.pop()  # Rutter has no webhook for attachments
    company.files[number] = content
    return body


def attached(company: Company, invoice_id: str) -> list[Json]:
    """What Rutter's copy shows attached to an invoice, oldest first."""
    shown = [entry.shown for entry in company.shelves["attachments"].shown(invoice_id) if entry.shown]
    return sorted(shown, key=lambda body: int(body["id"]))


def media_type(file_name: str) -> str:
    """What a file is, by its name."""
    return mimetypes.guess_type(file_name)[0] or "application/octet-stream"


def audit(company: Company, invoice_id: str) -> list[Json]:
    """Every file the platform holds for an invoice: name, size in bytes, SHA-256 in hex, Idempotency-Key."""
    shelf = company.shelves["attachments"]
    return [
        {
            "id": one,
            "file_name": (shelf.get(one) or {})["file_name"],
            "size": len(company.files[one]),
            "sha256": sha256(company.files[one]).hexdigest(),
            "idempotency_key": shelf.entries[one].idempotency_key,
        }
        for one in sorted(shelf.live_with(invoice_id), key=int)
    ]


KIND = Kind(
    singular="attachment",
    plural="attachments",
    webhook="ATTACHMENT",
    listed=False,
    shape=SHAPE,
    create=create,
    synchronous=True,
)
