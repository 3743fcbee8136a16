"""The three questions about addition events, as `consumers.planning.decide` asks them."""

from collections.abc import Mapping
from typing import assert_never

from consumers.planning.additions.attachments import attachment_references, plan_attachment
from consumers.planning.additions.requested import (
    plan_account,
    plan_item,
    requested_questions,
    requested_references,
)
from consumers.planning.questions import Question
from schemas.books import Books, References
from schemas.connections import Connection
from schemas.events import AccountRequested, Addition, AttachmentAdded, Event, ItemRequested
from schemas.plans import Plan


def addition_references(event: Addition, known: Mapping[str, Event]) -> References:
    """What is read of our own."""
    del known
    return attachment_references(event) if isinstance(event, AttachmentAdded) else requested_references(event)


def addition_questions(event: Addition, known: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    del known, connection
    return () if isinstance(event, AttachmentAdded) else requested_questions(event)


def plan_addition(event: Addition, books: Books) -> Plan:
    """Its documents; or what stands in their way."""
    match event:
        case AttachmentAdded():
            return plan_attachment(event, books)
        case AccountRequested():
            return plan_account(event, books)
        case ItemRequested():
            return plan_item(event, books)
        case _:
            assert_never(event)
