"""Rutter's endpoints about connections themselves (Rutter: Link; Connections)."""

from sandbox.clock import iso
from sandbox.company import INDEXED, Company
from sandbox.documents.catalogue import EVERY_KIND
from sandbox.exact import Json
from sandbox.fields import day
from sandbox.founding import found, read_plan
from sandbox.refusals import Refusal, connection_error, invalid_input
from sandbox.wire import Call, Reply, read_object, refuse, reply
from sandbox.world import World

_DEFAULT_BACKFILL_DAYS = 5 * 366
_DEFAULT_STATUSES = ("active", "not_ready", "unhealthy")
_BACKFILL_DAYS = 5 * 366
_STATUSES = (*_DEFAULT_STATUSES, "needs_reauth", "disabled", "any")


def link_url(call: Call, company: Company) -> str:
    """Where the user authenticates: a page of the sandbox's own."""
    return f"{call.base_url.removesuffix('/versioned')}/_sandbox/link/{company.id}"


def exchange(world: World, call: Call) -> Reply:
    """POST /item/public_token/exchange: credentials and the public token in the body."""
    asked = read_object(call)
    if asked is None:
        return refuse(invalid_input("the body is not a JSON object"))
    settings = world.settings
    if (asked.get("client_id"), asked.get("secret")) != (settings.client_id, settings.client_secret):
        return refuse(connection_error("INVALID_CREDENTIALS", "Wrong client_id or secret", status=401))
    token = asked.get("public_token")
    company = next((one for one in world.companies.values() if one.public_token == token), None)
    if company is None or (company.public_token_used and world.switches.public_token_once):
        return refuse(invalid_input("public_token: unknown or used"))
    company.public_token_used = True
    return reply(
        {
            "connection_id": company.id,
            "access_token": company.access_token,
            "is_ready": company.is_ready,
            "platform": company.platform_shown,
            "name": company.name,
        }
    )


def list_connections(world: World, call: Call) -> Reply:
    """GET /connections: broken ones only when asked for."""
    wanted = call.query.get("status")
    if wanted is not None and wanted not in _STATUSES:
        return refuse(invalid_input(f"status: expected one of {', '.join(_STATUSES)}"))
    shown = [
        {
            "id": company.id,
            "access_token": company.access_token,
            "link_url": link_url(call, company),
            "platform": company.platform_shown,
            "status": company.status,
            "name": company.name,
            "created_at": company.created_at,
            "updated_at": company.created_at,
        }
        for company in world.companies.values()
        if wanted in ("any", company.status) or (wanted is None and company.status in _DEFAULT_STATUSES)
    ]
    return reply({"connections": shown})


def of_organisation(world: World, call: Call) -> Reply | None:
    """The endpoints without an access token; None at another path."""
    match call.method, call.path:
        case "GET", "/connections":
            return list_connections(world, call)
        case "POST", "/connections/create":
            return create_connection(world, call)
        case _:
            return None


def of_connection(world: World, company: Company, call: Call) -> Reply | None:
    """The endpoints about one connection, which answer for broken ones too; None at another path."""
    match call.method, call.path:
        case "GET", "/connections/access_token":
            return by_access_token(company, call)
        case "GET", "/connections/status":
            return connection_status(company, call)
        case "POST", "/connections/access_token/invalidate":
            return invalidate_token(world, company)
        case _:
            return None


def syncing(world: World, company: Company, call: Call) -> Reply | None:
    """The endpoints that make Rutter look into the company; None at another path."""
    match call.method, call.path:
        case "POST", "/connections/incremental_sync":
            return incremental_sync(world, company, call)
        case "POST", "/connections/backfill":
            return backfill(world, company, call)
        case _:
            return None


def by_access_token(company: Company, call: Call) -> Reply:
    """GET /connections/access_token."""
    return reply({"connection": _connection(company, call)})


def _connection(company: Company, call: Call) -> Json:
    return {
        "id": company.id,
        "orgId": company.summary()["orgId"],
        "store_unique_id": company.id[:8],
        "store_domain": None,
        "store_name": company.name,
        "platform": company.platform_shown,
        "disabled": company.disabled_reason is not None,
        "needs_update": company.needs_update,
        "link_url": link_url(call, company),
        "last_sync_started_at": company.last_sync_started_at,
        "last_sync_completed_at": company.last_sync_completed_at,
        "estimated_completed_at": None,
        "unavailable_objects": [],
        "created_at": company.created_at,
    }


def connection_status(company: Company, call: Call) -> Reply:
    """GET /connections/status: answers for broken connections too."""
    status = {
        "is_ready": company.is_ready,
        "is_healthy": company.status == "active",
        "link_url": link_url(call, company),
        "platform": company.platform_shown,
        "last_sync_completed_at": company.last_sync_completed_at,
        "needs_update_status": {"needs_update": company.needs_update},
        "disabled_status": {
            "is_disabled": company.disabled_reason is not None,
            "disabled_reason": company.disabled_reason,
        },
        "historical_sync_status": {"is_ready": company.is_ready, "batches": []},
        "created_at": company.created_at,
    }
    return reply({"status": status, "connection": _connection(company, call)})


def create_connection(world: World, call: Call) -> Reply:
    """POST /connections/create: the token is there before the user has signed in. They choose the platform where
    none is named."""
    asked = read_object(call)
    if asked is None:
        return refuse(invalid_input("the body is not a JSON object"))
    platform = asked.get("platform")
    plan = read_plan({**world.link_defaults, "platform": platform or "QUICKBOOKS", "ready": False})
    if isinstance(plan, str):
        return refuse(invalid_input(plan))
    company = found(world, plan, chosen=platform is not None)
    made = {
        "id": company.id,
        "access_token": company.access_token,
        "link_url": link_url(call, company),
        "name": company.name,
    }
    return reply({"connection": made})


def rename(world: World, company: Company, call: Call) -> Reply:
    """PATCH /connections/{id}: the name, at most 30 characters, no other connection's."""
    name = (read_object(call) or {}).get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 30:
        return refuse(invalid_input("name: expected 1 to 30 characters"))
    if any(one.name == name for one in world.companies.values() if one is not company):
        return refuse(invalid_input("name: another connection has it"))
    company.name = name
    return reply({"success": True})


def invalidate_token(world: World, company: Company) -> Reply:
    """POST /connections/access_token/invalidate: the old token is worth nothing from now on."""
    del world.by_token[company.access_token]
    company.access_token = world.ids.uuid()
    world.by_token[company.access_token] = company
    return reply({"new_access_token": company.access_token})


def incremental_sync(world: World, company: Company, call: Call) -> Reply:
    """POST /connections/incremental_sync: object types left out means all, an empty list none."""
    plurals = _asked_types(call)
    if isinstance(plurals, Refusal):
        return refuse(plurals)
    world.spawn(world.sync(company, [one for one in plurals if one not in company.unsynced]))
    return reply({"success": True})


def backfill(world: World, company: Company, call: Call) -> Reply:
    """POST /connections/backfill: these types anew, whether they are in the sync configuration or not.

    They are brought up to date whatever the dates; `include_webhooks` tells as changed what was made between them.
    """
    asked = read_object(call) or {}
    plurals = _asked_types(call)
    if isinstance(plurals, Refusal):
        return refuse(plurals)
    edges = [asked.get("start_date"), asked.get("end_date") or iso(world.clock())]
    if not isinstance(edges[0], str) or any(not isinstance(one, str) or day(one) is None for one in edges):
        return refuse(invalid_input("start_date, end_date: expected ISO 8601 dates, the first is required"))
    if (world.clock().date() - (day(edges[0]) or world.clock().date())).days > _BACKFILL_DAYS:
        return refuse(invalid_input("start_date: at most five years back"))
    world.spawn(world.backfill(company, plurals, (edges[0], str(edges[1])) if asked.get("include_webhooks") else None))
    return reply({"success": True})


def _asked_types(call: Call) -> list[str] | Refusal:
    """The shelves of `object_types`, which names objects in the singular; names of other types are passed over."""
    asked = read_object(call)
    if asked is None:
        return invalid_input("the body is not a JSON object")
    names = asked.get("object_types")
    if names is not None and not (isinstance(names, list) and all(isinstance(one, str) for one in names)):
        return invalid_input("object_types: expected a list of object names")
    singular = {EVERY_KIND[plural].singular: plural for plural in INDEXED}
    return list(INDEXED) if names is None else [singular[one] for one in names if one in singular]
