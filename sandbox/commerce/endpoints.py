"""GET of orders and transactions (Rutter: commerce endpoints)."""

from datetime import datetime

from sandbox.clock import milliseconds
from sandbox.commerce.kinds import COMMERCE, PLATFORMS
from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.pages import read_page
from sandbox.reads import missing
from sandbox.refusals import Refusal, invalid_input
from sandbox.shelf import Entry
from sandbox.switches import Switches
from sandbox.wire import Call, Reply, refuse, reply

_EQUAL = {"orders": ("fulfillment_status", "payment_status", "order_number"), "transactions": ()}
_TIMES = ("created_at", "updated_at")


def answer_commerce(company: Company, call: Call, switches: Switches) -> Reply | None:
    """The answer to GET /orders, /orders/{id}, /transactions, /transactions/{id}; None when it is another path."""
    plural, _, object_id = call.path.removeprefix("/").partition("/")
    kind = COMMERCE.get(plural)
    if kind is None or call.method != "GET" or company.platform not in PLATFORMS:
        return None
    if not object_id:
        return _list(company, kind, call, switches)
    entry = company.shelves[plural].entries.get(object_id)
    if entry is None or entry.shown is None:
        return refuse(missing(kind, object_id, switches))
    return reply({kind.singular: _shown(company, kind, entry.shown, call), "connection": company.summary()})


def _list(company: Company, kind: Kind, call: Call, switches: Switches) -> Reply:
    query = dict(call.query)
    if kind.plural == "transactions" and "sort" in query:
        query["sort"] = f"created_at {query['sort']}"
    page = read_page(query, switches.limit_maximum)
    if isinstance(page, Refusal):
        return refuse(page)
    for name in _TIMES:
        for edge in ("min", "max"):
            if not query.get(f"{name}_{edge}", "0").isdecimal():
                return refuse(invalid_input(f"{name}_{edge}: expected Unix milliseconds"))
    entries = [entry for entry in company.shelves[kind.plural].shown() if _fits(kind, entry, query)]
    bodies, next_cursor = page.cut(entries)
    return reply(
        {
            kind.plural: [_shown(company, kind, body, call) for body in bodies],
            "next_cursor": next_cursor,
            "connection": company.summary(),
        }
    )


def _fits(kind: Kind, entry: Entry, query: dict[str, str]) -> bool:
    body = entry.shown or {}
    if any(name in query and query[name] != body.get(name) for name in _EQUAL[kind.plural]):
        return False
    if "phone" in query and (body.get("customer") or {}).get("phone") != query["phone"]:
        return False
    for name in _TIMES:
        at = milliseconds(datetime.fromisoformat(body[name]))
        if not int(query.get(f"{name}_min", "0")) <= at <= int(query.get(f"{name}_max", str(at))):
            return False
    return True


def _shown(company: Company, kind: Kind, body: Json, call: Call) -> Json:
    if kind.plural == "orders" and call.query.get("expand") == "transactions":
        of_order = company.shelves["transactions"].shown(body["id"])
        body = {**body, "transactions": [entry.shown for entry in of_order]}
    wanted = call.query.get("properties")
    if wanted:
        names = {"id", *wanted.split(",")}
        return {name: value for name, value in body.items() if name in names}
    return body
