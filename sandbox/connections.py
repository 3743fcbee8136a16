"""Rutter's endpoints about connections themselves (Rutter: Link; Connections)."""

from sandbox.company import INDEXED, Company
from sandbox.documents.catalogue import KINDS
from sandbox.exact import Json, loads
from sandbox.founding import found, read_plan
from sandbox.refusals import connection_error, invalid_input
from sandbox.wire import Call, Reply, refuse, reply
from sandbox.world import World

_DEFAULT_STATUSES = ("active", "not_ready", "unhealthy")
_STATUSES = (*_DEFAULT_STATUSES, "needs_reauth", "disabled", "any")


def link_url(call: Call, company: Company) -> str:
    """Where the user authenticates: a page of the sandbox's own."""
    return f"{call.base_url.removesuffix('/versioned')}/_sandbox/link/{company.id}"


def read_object(call: Call) -> Json | None:
    """The body as a JSON object; an empty body is an empty object; None when it is neither."""
    try:
        parsed = loads(call.body) if call.body else {}
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


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
            "platform": company.platform,
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
            "platform": company.platform,
            "status": company.status,
            "name": company.name,
            "created_at": company.created_at,
            "updated_at": company.created_at,
        }
        for company in world.companies.values()
        if wanted in ("any", company.status) or (wanted is None and company.status in _DEFAULT_STATUSES)
    ]
    return reply({"connections": shown})


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
        "platform": company.platform,
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
        "platform": company.platform,
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
    """POST /connections/create: the token is there before the user has signed in."""
    asked = read_object(call)
    if asked is None:
        return refuse(invalid_input("the body is not a JSON object"))
    platform = asked.get("platform", "QUICKBOOKS")
    plan = read_plan({"platform": platform, "ready": False})
    if isinstance(plan, str):
        return refuse(invalid_input(plan))
    company = found(world, plan)
    made = {
        "id": company.id,
        "access_token": company.access_token,
        "link_url": link_url(call, company),
        "name": company.name,
    }
    return reply({"connection": made})


def incremental_sync(world: World, company: Company, call: Call) -> Reply:
    """POST /connections/incremental_sync: object types left out means all, an empty list none."""
    asked = read_object(call)
    if asked is None:
        return refuse(invalid_input("the body is not a JSON object"))
    names = asked.get("object_types")
    singular = {kind.singular: kind.plural for kind in KINDS.values() if kind.plural in INDEXED}
    if names is not None and not (isinstance(names, list) and all(isinstance(one, str) for one in names)):
        return refuse(invalid_input("object_types: expected a list of object names"))
    plurals = list(INDEXED) if names is None else [singular[one] for one in names if one in singular]
    world.spawn(world.sync(company, plurals))
    return reply({"success": True})
