"""Lists and single objects, out of Rutter's synced copy (Rutter: list parameters; envelopes)."""

from sandbox.company import INDEXED, Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.pages import read_page
from sandbox.platforms.endpoints import absent_endpoint
from sandbox.platforms.registry import rules_of
from sandbox.refusals import Refusal, invalid_input
from sandbox.shelf import Entry
from sandbox.switches import Switches
from sandbox.wire import Call, Reply, refuse, reply

_TIMES = ("updated_at_min", "updated_at_max", "last_synced_at_min")


def list_objects(company: Company, kind: Kind, call: Call, switches: Switches) -> Reply:
    """GET of a type: filters, sort, pages."""
    absent = absent_endpoint(company.platform, kind.plural, "R", switches)
    if absent:
        return refuse(absent)
    query = call.query
    page = read_page(query, switches.limit_maximum)
    if isinstance(page, Refusal):
        return refuse(page)
    if "filter" in query:
        return refuse(invalid_input("filter: the sandbox does not read filter expressions; use the named filters"))
    bounds: dict[str, int] = {}
    for name in _TIMES:
        if name in query and not query[name].isdecimal():
            return refuse(invalid_input(f"{name}: expected Unix milliseconds"))
        if name in query:
            bounds[name] = int(query[name])
    indexed = INDEXED[kind.plural] if rules_of(company.platform).named_filters else None
    entries = company.shelves[kind.plural].shown(query.get(indexed) if indexed else None)
    if bounds:
        entries = [entry for entry in entries if _within(entry, bounds)]
    bodies, next_cursor = page.cut(entries)
    return reply(
        {
            kind.plural: [_shown(company, kind, body, call) for body in bodies],
            "next_cursor": next_cursor,
            "connection": company.summary(),
        }
    )


def _within(entry: Entry, bounds: dict[str, int]) -> bool:
    return (
        entry.shown_ms >= bounds.get("updated_at_min", 0)
        and entry.shown_ms <= bounds.get("updated_at_max", entry.shown_ms)
        and entry.synced_ms >= bounds.get("last_synced_at_min", 0)
    )


def get_object(company: Company, kind: Kind, object_id: str, call: Call, switches: Switches) -> Reply:
    """GET of one object, by Rutter's id or, with `id_type=platform`, by the platform's."""
    absent = absent_endpoint(company.platform, kind.plural, "R", switches)
    if absent:
        return refuse(absent)
    shelf = company.shelves[kind.plural]
    id_type = call.query.get("id_type", "rutter")
    if id_type not in ("rutter", "platform"):
        return refuse(invalid_input("id_type: expected rutter or platform"))
    if id_type == "platform" and not rules_of(company.platform).named_filters:
        return refuse(invalid_input(f"id_type: platform is not supported on {company.platform}"))
    if id_type == "platform":
        found = next((one.shown for one in shelf.shown() if one.shown and one.shown["platform_id"] == object_id), None)
    else:
        entry = shelf.entries.get(object_id)
        found = entry.shown if entry else None
    if found is None:
        return refuse(missing(kind, object_id, switches))
    return reply({kind.singular: _shown(company, kind, found, call), "connection": company.summary()})


def missing(kind: Kind, object_id: str, switches: Switches) -> Refusal:
    """No object with this id: 410, or 404 where the switch says so."""
    return invalid_input(
        f"There is no {kind.singular} {object_id}", status=int(switches.missing_object_status), reason="not_found"
    )


def _shown(company: Company, kind: Kind, body: Json, call: Call) -> Json:
    if kind.plural == "accounts":
        body = company.account_shown(body)
    if kind.plural == "invoice_credit_memos" and rules_of(company.platform).links_by_comment:
        body = {**body, "linked_invoices": [one for one in body["linked_invoices"] if _commented(company, body, one)]}
    if call.query.get("expand") == "platform_data":
        return {**body, "platform_data": {"Id": body["platform_id"]}}
    return body


def _commented(company: Company, memo: Json, link: Json) -> bool:
    """Whether the invoice's number is in a comment of the memo, without which Rutter does not see the link."""
    invoice = company.shelves["invoices"].get(link["id"])
    number = (invoice or {}).get("document_number")
    return bool(number) and any(number in (line["description"] or "") for line in memo["line_items"])


def list_events(company: Company, call: Call) -> Reply:
    """GET /events: what was deleted, as far as the copy knows."""
    query = call.query
    if query.get("type") != "object_deleted":
        return refuse(invalid_input("type: expected object_deleted"))
    since = query.get("last_synced_at_min", "0")
    limit = query.get("limit", "500")
    cursor = query.get("cursor", "0")
    if not (since.isdecimal() and limit.isdecimal() and cursor.isdecimal()):
        return refuse(invalid_input("last_synced_at_min, limit and cursor: expected whole numbers"))
    wanted = set(query["resources"].split(",")) if query.get("resources") else None
    told = rules_of(company.platform).events
    events = [
        {
            "id": one.id,
            "type": "object_deleted",
            "resource": one.resource,
            "data": {"id": one.object_id},
            "last_synced_at": one.stamp,
        }
        for one in company.deletions
        if (told is None or one.resource in told)
        and one.synced_ms >= int(since)
        and (wanted is None or one.resource in wanted)
    ]
    start, end = int(cursor), int(cursor) + int(limit)
    return reply({"events": events[start:end], "next_cursor": str(end) if end < len(events) else None})
