"""The files that an order names, each a fact of its own: `attachment.added`. Pure.

Whether a file can be had and kept is then no business of the invoice: it waits, or is refused, by itself. Several
tellings of one order name the same files, and the natural key of each makes them one.
"""

from schemas.addition_events import AttachmentAdded, AttachmentData
from schemas.additions import AddedAttachment
from schemas.envelope import natural_key
from schemas.events import Event, OrderAmended, OrderCompleted
from schemas.facts import Order


def attachments_named(event: Event) -> tuple[AttachmentAdded, ...]:
    """One event for each file that the event names, told by the same source at the same time; most name none."""
    match event:
        case OrderCompleted():
            order = event.data.order
        case OrderAmended():
            order = event.data.amendment.order
        case _:
            return ()
    return _of_order(event, order) if order.attachments else ()


def _of_order(event: OrderCompleted | OrderAmended, order: Order) -> tuple[AttachmentAdded, ...]:
    named = [
        AddedAttachment(order_id=order.id, file_name=one.file_name, url=one.url, added_at=order.completed_at)
        for one in order.attachments
    ]
    return tuple(
        attachment_event(one, namespace=event.namespace, connection=event.connection)
        for one in {one.mark: one for one in named}.values()
    )


def attachment_event(attachment: AddedAttachment, *, namespace: str, connection: str) -> AttachmentAdded:
    """The event that tells of one file."""
    return AttachmentAdded(
        id=f"{natural_key('attachment', attachment.order_id)}:{attachment.mark}",
        source=namespace,
        connection=connection,
        subject=attachment.order_id,
        time=attachment.added_at,
        data=AttachmentData(attachment=attachment),
    )
