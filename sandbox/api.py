"""The versioned API: who may ask, which connection, which endpoint (Rutter: Basics)."""

import asyncio
import base64
import binascii
from time import perf_counter

from starlette.types import Receive, Scope, Send

from sandbox import connections
from sandbox.clock import iso
from sandbox.commerce.endpoints import answer_commerce
from sandbox.commerce.kinds import PLATFORMS as SHOPS
from sandbox.company import UNCHOSEN, Company
from sandbox.documents.catalogue import KINDS
from sandbox.documents.custom_fields import ENTITY_TYPES, list_custom_fields
from sandbox.documents.kind import Kind
from sandbox.faults import NOTHING
from sandbox.platforms.endpoints import absent_endpoint
from sandbox.reads import get_object, list_events, list_objects
from sandbox.refusals import Refusal, connection_error, invalid_input, server_fault, too_many
from sandbox.requests_log import Asked
from sandbox.settings import VERSION
from sandbox.sync_config import answer_configs
from sandbox.uploads import answer_attachments
from sandbox.wire import Call, Reply, read_call, refuse, reply, write_reply
from sandbox.world import World
from sandbox.writes import job_shown, write

_OBJECTS = "/accounting/"


class VersionedApi:
    """ASGI application for everything under `/versioned`."""

    def __init__(self, world: World) -> None:
        self._world = world
        settings = world.settings
        pair = f"{settings.client_id}:{settings.client_secret}"
        self._authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
        self._pair = pair.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, answer, remember."""
        call = await read_call(scope, receive, "/versioned")
        if call is None:
            return
        begun = perf_counter()
        company = self._world.by_token.get(call.query.get("access_token", ""))
        asked = Asked(
            time=iso(self._world.clock()),
            method=call.method,
            path=call.path,
            query=_masked(call.query),
            connection_id=company.id if company else None,
            idempotency_key=call.idempotency_key,
        )
        self._world.log.add(asked)
        answer = await self._answer(call, company)
        asked.status = answer.status if answer.cut_after is None else None
        asked.job_id, asked.reason = answer.job_id, answer.reason
        asked.fault = call.strike.fault.kind if call.strike.fault else None
        asked.milliseconds = round((perf_counter() - begun) * 1000, 3)
        await write_reply(answer, scope, receive, send)

    async def _answer(self, call: Call, company: Company | None) -> Reply:
        if call.path == "/item/public_token/exchange" and call.method == "POST":
            return connections.exchange(self._world, call)
        refused = self._unwelcome(call)
        if refused:
            return refuse(refused)
        if call.path.startswith(_OBJECTS):
            return await self._object(call, company)
        call.strike = self._world.faults.strike(call.method, call.path, (), company.id if company else None)
        return await self._before(call) or self._elsewhere(call, company)

    def _unwelcome(self, call: Call) -> Refusal | None:
        if call.authorization != self._authorization and not self._same_pair(call.authorization):
            return connection_error("INVALID_CREDENTIALS", "Wrong client_id or client_secret", status=401)
        if call.version == VERSION or (call.version is None and self._world.switches.version_header == "optional"):
            return None
        return invalid_input(f"X-Rutter-Version: expected {VERSION}, which is all the sandbox speaks")

    def _same_pair(self, authorization: str) -> bool:
        scheme, _, encoded = authorization.partition(" ")
        try:
            return scheme.lower() == "basic" and base64.b64decode(encoded, validate=True) == self._pair
        except (binascii.Error, ValueError):
            return False

    def _elsewhere(self, call: Call, company: Company | None) -> Reply:
        world = self._world
        if call.method == "GET" and call.path.startswith("/jobs/"):
            job = world.jobs.get(call.path.removeprefix("/jobs/"))
            return reply(job_shown(job)) if job else refuse(self._missing("job"))
        if call.path.startswith("/configs/"):
            return answer_configs(world, call) or refuse(_no_endpoint(call))
        of_organisation = connections.of_organisation(world, call)
        if of_organisation is not None:
            return of_organisation
        if call.path.startswith("/connections/") and call.method in ("PATCH", "DELETE"):
            return self._named_connection(call)
        if company is None:
            return refuse(_no_company(call))
        told = connections.of_connection(world, company, call)
        if told is not None:
            return told
        if (call.method, call.path) == ("GET", "/events"):
            return list_events(company, call)
        broken = self._broken(call, company)
        if broken:
            return refuse(broken)
        done = answer_commerce(company, call, world.switches) or connections.syncing(world, company, call)
        return done or refuse(_no_endpoint(call))

    def _missing(self, noun: str) -> Refusal:
        status = int(self._world.switches.missing_object_status)
        return invalid_input(f"There is no such {noun}", status=status, reason="not_found")

    def _named_connection(self, call: Call) -> Reply:
        """PATCH and DELETE /connections/{id}."""
        company = self._world.companies.get(call.path.removeprefix("/connections/"))
        if company is None:
            return refuse(self._missing("connection"))
        if call.method == "PATCH":
            return connections.rename(self._world, company, call)
        self._world.remove(company)
        return reply({"success": True})

    async def _object(self, call: Call, company: Company | None) -> Reply:
        segment, _, object_id = call.path.removeprefix(_OBJECTS).partition("/")
        kind = KINDS.get(f"{segment}/{object_id}") or KINDS.get(segment)
        names = (kind.singular, kind.plural) if kind else (segment,)
        if segment == "invoices" and "attachments" in object_id:
            names = ("attachment", "attachments")
        call.strike = (
            self._world.faults.strike(call.method, call.path, names, company.id if company else None)
            if self._world.faults.planted
            else NOTHING
        )
        before = await self._before(call)
        if before:
            return before
        if company is None:
            return refuse(_no_company(call))
        broken = self._broken(call, company)
        if broken:
            return refuse(broken)
        if company.platform in SHOPS:
            return refuse(_no_endpoint(call))
        if segment == "company_info" and call.method == "GET" and not object_id:
            stamp = company.last_sync_completed_at or company.created_at
            return reply({"company_info": company.info(stamp), "connection": company.summary()})
        if object_id == "custom_fields" and call.method == "GET" and segment in ENTITY_TYPES:
            absent = absent_endpoint(company.platform, "custom_fields", "R", self._world.switches)
            return refuse(absent) if absent else list_custom_fields(company, segment)
        if segment == "invoices" and "attachments" in object_id:
            attached = await answer_attachments(self._world, company, call, object_id)
            return attached or refuse(_no_endpoint(call))
        if kind is None:
            return refuse(_no_endpoint(call))
        return await self._dispatch(call, company, kind, "" if "/" in kind.plural else object_id)

    async def _dispatch(self, call: Call, company: Company, kind: Kind, object_id: str) -> Reply:
        world = self._world
        match call.method, bool(object_id):
            case "GET", False if kind.listed:
                return list_objects(company, kind, call, world.switches)
            case "GET", True if kind.listed:
                return get_object(company, kind, object_id, call, world.switches)
            case "POST", False if kind.create:
                return await write(world, call, company, kind, "create")
            case "PATCH", True if kind.patch:
                return await write(world, call, company, kind, "patch", object_id=object_id)
            case "DELETE", True if kind.delete:
                return await write(world, call, company, kind, "delete", object_id=object_id)
            case _:
                return refuse(_no_endpoint(call))

    def _broken(self, call: Call, company: Company) -> Refusal | None:
        """What the state of the connection forbids."""
        status = int(self._world.switches.connection_error_status)
        if company.disabled_reason is not None:
            return connection_error("CONNECTION_DISABLED", "The connection is disabled", status=status)
        if company.needs_update:
            return connection_error("NEEDS_UPDATE", "The user must authenticate again", status=status)
        if company.platform == UNCHOSEN:
            return connection_error("PRODUCT_NOT_READY", "The user has not chosen a platform yet", status=status)
        if company.is_ready or call.query.get("force_fetch") == "true":
            return None
        if call.method == "GET" or self._world.switches.writes_need_ready:
            return connection_error("PRODUCT_NOT_READY", "The initial sync has not finished", status=status)
        return None

    async def _before(self, call: Call) -> Reply | None:
        """What a fault answers in place of the endpoint."""
        fault, switches = call.strike.fault, self._world.switches
        if call.strike.latency and call.method == "GET":
            await asyncio.sleep(call.strike.latency)
        if fault is None:
            return None
        status = fault.status or int(switches.connection_error_status)
        match fault.kind:
            case "timeout_before":
                return Reply(status=0, body=b"", cut_after=fault.seconds or 0.0)
            case "error_before":
                return refuse(server_fault(fault.status or 500))
            case "429":
                return refuse(too_many(fault.status or 429))
            case "452" if call.method == "GET" or not switches.platform_rate_limit_accepted:
                return refuse(too_many(fault.status or 452))
            case "needs_update":
                return refuse(connection_error("NEEDS_UPDATE", "The user must authenticate again", status=status))
            case "disabled":
                return refuse(connection_error("CONNECTION_DISABLED", "The connection is disabled", status=status))
            case "timeout_after" if call.method == "GET":
                return Reply(status=0, body=b"", cut_after=fault.seconds or 0.0)
            case "error_after" if call.method == "GET":
                return refuse(server_fault(fault.status or 500))
            case _:
                return None


def _masked(query: dict[str, str]) -> str:
    return "&".join(f"{name}={'***' if name == 'access_token' else value}" for name, value in query.items())


def _no_company(call: Call) -> Refusal:
    if "access_token" not in call.query:
        return invalid_input("access_token: required")
    return connection_error("INVALID_CREDENTIALS", "Unknown access_token", status=401)


def _no_endpoint(call: Call) -> Refusal:
    return invalid_input(f"There is no {call.method} {call.path}", status=404, reason="no_endpoint")
