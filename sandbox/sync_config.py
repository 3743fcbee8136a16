"""Which types of object Rutter keeps a copy of (Rutter: configuring platform data sync; sync configuration).

A connection's own configuration goes before its platform's, which goes before the sandbox's: everything. A type that is
left out is not synced: what a person does to it stays unseen, what was made through Rutter is listed.
Not published, so ours: the answer is the configuration itself; GET answers what is in force when none is set.
"""

from typing import Any

from sandbox.company import INDEXED, PLATFORMS, Company
from sandbox.documents.catalogue import EVERY_KIND
from sandbox.exact import Json
from sandbox.fields import above_zero, filled_text, list_of, optional, required, shape
from sandbox.refusals import Refusal, invalid_input
from sandbox.wire import Call, Reply, read_object, refuse, reply
from sandbox.world import World

ENTITIES = {EVERY_KIND[plural].singular.upper(): plural for plural in INDEXED if plural != "custom_fields"}
_NAMES = list_of(filled_text)
_BATCH = shape({"timeFrameInMonths": optional(above_zero), "entities": required(_NAMES)})
SHAPE = shape(
    {
        "initialSync": optional(shape({"batches": required(list_of(_BATCH, at_least=1))})),
        "incrementalSync": optional(shape({"syncPeriodInMinutes": optional(above_zero), "entities": required(_NAMES)})),
    }
)
EVERYTHING: Json = {
    "initialSync": {"batches": [{"timeFrameInMonths": 24, "entities": list(ENTITIES)}]},
    "incrementalSync": {"syncPeriodInMinutes": 1440, "entities": list(ENTITIES)},
}


def in_force(world: World, company: Company) -> Json:
    """The configuration of a connection, whoever set it."""
    return {**EVERYTHING, **world.sync_configs.get(company.platform, {}), **(company.sync_config or {})}


def unsynced(world: World, company: Company) -> frozenset[str]:
    """The types, by shelf, that are in no part of the configuration."""
    config = in_force(world, company)
    named = {*config["incrementalSync"]["entities"]}
    for batch in config["initialSync"]["batches"]:
        named |= {*batch["entities"]}
    return frozenset(plural for entity, plural in ENTITIES.items() if entity not in named)


def answer_configs(world: World, call: Call) -> Reply | None:
    """The answer to /configs/sync/connections/{id} and /configs/sync/platforms/{platform}; None at another path."""
    match call.path.split("/"):
        case ["", "configs", "sync", "connections", connection_id]:
            company = world.companies.get(connection_id)
            if company is None:
                status = int(world.switches.missing_object_status)
                return refuse(invalid_input("There is no such connection", status=status, reason="not_found"))
            return _of_connection(world, call, company)
        case ["", "configs", "sync", "platforms", platform] if platform in PLATFORMS:
            return _of_platform(world, call, platform)
        case _:
            return None


def _of_connection(world: World, call: Call, company: Company) -> Reply | None:
    changed = _changed(call, company.sync_config)
    if isinstance(changed, Refusal):
        return refuse(changed)
    if call.method not in _VERBS:
        return None
    company.sync_config = changed
    _take_effect(world)
    return reply({"success": True} if call.method == "DELETE" else in_force(world, company))


def _of_platform(world: World, call: Call, platform: str) -> Reply | None:
    changed = _changed(call, world.sync_configs.get(platform))
    if isinstance(changed, Refusal):
        return refuse(changed)
    if call.method not in _VERBS:
        return None
    world.sync_configs.pop(platform, None)
    if changed is not None:
        world.sync_configs[platform] = changed
    _take_effect(world)
    return reply({"success": True} if call.method == "DELETE" else {**EVERYTHING, **(changed or {})})


_VERBS = ("GET", "POST", "PATCH", "DELETE")


def _changed(call: Call, before: Json | None) -> Json | Refusal | None:
    """The configuration after the call: POST sets it, PATCH sets the parts it names, DELETE removes it."""
    if call.method not in ("POST", "PATCH"):
        return None if call.method == "DELETE" else before
    asked = read_object(call)
    if asked is None:
        return invalid_input("the body is not a JSON object")
    problems: list[str] = []
    SHAPE(asked, "config", problems)
    parts: dict[str, Any] = {name: asked[name] for name in ("initialSync", "incrementalSync") if asked.get(name)}
    if problems or not parts:
        return invalid_input("; ".join(problems) or "initialSync, incrementalSync: one is required")
    return parts if call.method == "POST" else {**(before or {}), **parts}


def _take_effect(world: World) -> None:
    for company in world.companies.values():
        company.unsynced = unsynced(world, company)
