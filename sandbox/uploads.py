"""The endpoints of attachments, below an invoice."""

from sandbox.company import Company
from sandbox.documents.attachments import KIND, asked_of, attached, media_type
from sandbox.documents.catalogue import KINDS
from sandbox.exact import loads
from sandbox.multipart import read_multipart
from sandbox.platforms.endpoints import absent_endpoint
from sandbox.reads import missing
from sandbox.refusals import Refusal, invalid_input
from sandbox.wire import Call, Reply, refuse, reply
from sandbox.world import World
from sandbox.writes import write

_INVOICES = KINDS["invoices"]


async def answer_attachments(world: World, company: Company, call: Call, rest: str) -> Reply | None:
    """`rest` is the path below /accounting/invoices/; None when it is no path of attachments.

    `{invoice}/attachments` lists and takes files, `{invoice}/attachments/{id}/file` gives one back,
    `attachments/{id}` shows one.
    """
    match call.method, rest.split("/"):
        case "GET", ["attachments", attachment_id]:
            return _reading(world, company) or _one(world, company, attachment_id)
        case "GET", [invoice_id, "attachments"]:
            return _reading(world, company) or _list(world, company, invoice_id)
        case "GET", [invoice_id, "attachments", attachment_id, "file"]:
            return _reading(world, company) or _file(world, company, invoice_id, attachment_id)
        case "POST", [invoice_id, "attachments"]:
            return await _attach(world, company, call, invoice_id)
        case _:
            return None


def _reading(world: World, company: Company) -> Reply | None:
    absent = absent_endpoint(company.platform, KIND.plural, "R", world.switches)
    return refuse(absent) if absent else None


def _one(world: World, company: Company, attachment_id: str) -> Reply:
    entry = company.shelves["attachments"].entries.get(attachment_id)
    if entry is None or entry.shown is None:
        return refuse(missing(KIND, attachment_id, world.switches))
    return reply({"attachment": entry.shown, "connection": company.summary()})


def _list(world: World, company: Company, invoice_id: str) -> Reply:
    if company.shelves["invoices"].get(invoice_id) is None:
        return refuse(missing(_INVOICES, invoice_id, world.switches))
    return reply(
        {"attachments": attached(company, invoice_id), "next_cursor": None, "connection": company.summary()},
    )


def _file(world: World, company: Company, invoice_id: str, attachment_id: str) -> Reply:
    found = next((one for one in attached(company, invoice_id) if one["id"] == attachment_id), None)
    if found is None:
        return refuse(missing(KIND, attachment_id, world.switches))
    return Reply(status=200, body=company.files[attachment_id], media_type=media_type(found["file_name"]))


async def _attach(world: World, company: Company, call: Call, invoice_id: str) -> Reply:
    absent = absent_endpoint(company.platform, KIND.plural, "C", world.switches)
    if absent:
        return refuse(absent)
    if company.shelves["invoices"].get(invoice_id) is None:
        return refuse(missing(_INVOICES, invoice_id, world.switches))
    parts = await _parts(world, call)
    if isinstance(parts, Refusal):
        return refuse(parts)
    file, file_name = parts
    if world.switches.attachment_idempotency == "ignored":
        call.idempotency_key = None
    return await write(world, call, company, KIND, "create", parsed=asked_of(invoice_id, file, file_name))


async def _parts(world: World, call: Call) -> tuple[bytes, str] | Refusal:
    """The file and its name, out of a multipart body or, where the switch lets it, a JSON one."""
    if call.cut_short:
        return invalid_input("the body is too large", status=413)
    if call.content_type.startswith("multipart/form-data"):
        parts = await read_multipart(call.content_type, call.body)
        if isinstance(parts, str):
            return invalid_input(parts)
        name = parts.get("file_name", b"").decode(errors="replace").strip()
        if "file" not in parts or not name:
            return invalid_input("file, file_name: required parts")
        return parts["file"], name
    if world.switches.attachment_body == "multipart":
        return invalid_input("expected multipart/form-data with the parts file and file_name")
    return _out_of_json(call.body)


def _out_of_json(body: bytes) -> tuple[bytes, str] | Refusal:
    """`{"attachment": {"file": text, "file_name"}}`, or the same unwrapped; the file is taken as it stands."""
    try:
        parsed = loads(body)
    except ValueError:
        return invalid_input("the body is not JSON")
    asked = parsed.get("attachment", parsed) if isinstance(parsed, dict) else None
    if not isinstance(asked, dict):
        return invalid_input("attachment: required")
    file, name = asked.get("file"), asked.get("file_name")
    if not isinstance(file, str) or not isinstance(name, str) or not name.strip():
        return invalid_input("file, file_name: expected strings")
    return file.encode(), name
