"""`attachment.added` becomes a file of the order's invoice, where the platform has such a thing."""

from consumers.planning.additions.file_names import file_name
from consumers.planning.keys import invoice_key
from schemas.books import Books, KeptFile, References
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Ref, Write
from schemas.envelope import natural_key
from schemas.events import AttachmentAdded, Event
from schemas.plans import Cause, Hold, Park, Plan, Post, Skip
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


def attachment_key(order_id: str, digest: str) -> str:
    """`attachment:{order}:{digest}`: one content is attached to an order once, however often it is named."""
    return f"{natural_key('attachment', order_id)}:{digest}"


def attachment_references(event: AttachmentAdded) -> References:
    """What is read of our own."""
    invoice = invoice_key(event.data.attachment.order_id)
    return References(links=frozenset({invoice}), files=frozenset({event.key}))


def to_fetch(event: Event, books: Books) -> AttachmentAdded | None:
    """The event, where its file is to be fetched before it is planned."""
    if not isinstance(event, AttachmentAdded) or event.data.attachment.url is None or event.key in books.files:
        return None
    return event if platform(books.connection.platform).may(Feature.ATTACHMENTS) else None


def plan_attachment(event: AttachmentAdded, books: Books) -> Plan:
    """The upload of the file; or what it waits for, or why it is not to be."""
    attachment = event.data.attachment
    lacking = unsupported(books.connection)
    if lacking is not None:
        return Skip(lacking)
    file = books.files.get(event.key)
    if file is None:
        return _not_kept(event)
    invoice = invoice_key(attachment.order_id)
    link = books.links.get(invoice)
    if link is None or link.rutter_id is None:
        return Hold(invoice, f"the invoice of order {attachment.order_id} is not in the books yet")
    if link.seen is not None and link.seen.status == "void":
        return Skip("its invoice is void")
    if link.seen is not None and link.seen.status == "deleted":
        return Park(
            cause=Cause.EDITED_IN_BOOKS,
            subject=invoice,
            detail=f"{attachment.file_name!r} of order {attachment.order_id}: its invoice was deleted in the books",
            cure="attach the file by hand where it belongs, and leave this parked",
        )
    return Post((_upload(event, file, books.connection),))


def unsupported(connection: Connection) -> str | None:
    """Why the connection's platform takes no files, where it does not."""
    known = platform(connection.platform)
    if known.may(Feature.ATTACHMENTS):
        return None
    return f"{known.title} has no attachments ({known.entries[Feature.ATTACHMENTS].source})"


def _not_kept(event: AttachmentAdded) -> Hold | Park:
    """A file with an address is fetched before it is planned: only one named by its digest can be missing for good."""
    attachment = event.data.attachment
    if attachment.url is not None:
        return Hold(event.key, "its file is to be fetched first")
    return Park(
        cause=Cause.ATTACHMENT_REFUSED,
        subject="no file is kept",
        detail=f"{attachment.file_name!r} of order {attachment.order_id}: no file with the SHA-256 {attachment.digest}",
        cure=f"give it: ledgerhook attach {event.connection} {attachment.order_id} FILE; then release",
    )


def _upload(event: AttachmentAdded, file: KeptFile, connection: Connection) -> Write:
    """The body says which file; its bytes are put in when it is sent (Rutter: Create an invoice attachment)."""
    attachment = event.data.attachment
    name = file_name(attachment.file_name, file.content_type, file.digest)
    return Write(
        key=attachment_key(attachment.order_id, file.digest),
        kind=DocumentKind.ATTACHMENT,
        body={"file_name": name, "content_type": file.content_type, "size": file.size, "digest": file.digest},
        total=None,
        look=Look(parent=Ref(invoice_key(attachment.order_id)), name=name),
        why=(
            f"file {attachment.file_name!r}: {file.content_type}, {file.size} bytes, called {name!r} in the books",
            platform(connection.platform).why(Feature.ATTACHMENTS),
        ),
    )
