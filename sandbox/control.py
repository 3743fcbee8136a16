"""The rehearsal's own controls under `/_sandbox`: no credentials, meant for loopback."""

from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from sandbox.commerce.kinds import COMMERCE
from sandbox.commerce.telling import tell
from sandbox.company import Company
from sandbox.connections import link_url
from sandbox.documents.currencies import keep
from sandbox.exact import Json
from sandbox.faults import Fault, read_fault
from sandbox.founding import DISABLED_REASONS, authenticate, become_ready, disable, found, needs_update, read_plan
from sandbox.link.assets import asset
from sandbox.link.hosted import answer_hosted
from sandbox.options import read_options
from sandbox.outside import ACTS, act_outside
from sandbox.report import books_report
from sandbox.requests_log import Only
from sandbox.starters import named
from sandbox.webhooks import CONNECTION_CODES
from sandbox.wire import Call, Reply, read_call, read_object, reply, write_reply
from sandbox.world import World

Endpoint = Callable[[Call, Json], Awaitable[Reply]]


# Members of POST connections that belong to one connection alone.
_OF_ONE_LINK = ("platform", "access_token", "ready")


def _wrong(message: str, status: int = 400) -> Reply:
    return reply({"error": message}, status)


class Control:
    """ASGI application for everything under `/_sandbox`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._endpoints: dict[tuple[str, str], Endpoint] = {
            ("POST", "/reset"): self._reset,
            ("POST", "/connections"): self._connect,
            ("POST", "/connections/state"): self._state,
            ("POST", "/connections/edit"): self._edit_company,
            ("POST", "/connections/sync"): self._sync,
            ("POST", "/link_defaults"): self._link_defaults,
            ("POST", "/faults"): self._plant,
            ("GET", "/faults"): self._faults,
            ("DELETE", "/faults"): self._clear_faults,
            ("POST", "/faults/release"): self._release,
            ("GET", "/switches"): self._switches,
            ("POST", "/switches"): self._switch,
            ("GET", "/books"): self._books,
            ("GET", "/requests"): self._requests,
            ("GET", "/webhooks"): self._webhooks,
            ("POST", "/webhooks"): self._subscribe,
            ("POST", "/webhooks/send"): self._tell,
            **{("POST", f"/commerce/{plural}"): self._shop for plural in COMMERCE},
            **{("POST", f"/documents/{act}"): self._outside for act in ACTS},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, act, answer."""
        call = await read_call(scope, receive, "/_sandbox")
        if call is not None:
            await write_reply(await self._answer(call), scope, receive, send)

    async def _answer(self, call: Call) -> Reply:
        if call.path == "/link.js":
            return asset("loader.js") or _wrong("no such file", 404)
        if call.path.startswith("/link/"):
            return self._link(call)
        endpoint = self._endpoints.get((call.method, call.path))
        if endpoint is None:
            known = ", ".join(f"{method} /_sandbox{path}" for method, path in self._endpoints)
            return _wrong(f"no such control; there are {known}", 404)
        asked = read_object(call)
        return _wrong("the body is not a JSON object") if asked is None else await endpoint(call, asked)

    async def _reset(self, _call: Call, _asked: Json) -> Reply:
        await self._world.reset()
        return reply({"reset": True})

    async def _connect(self, _call: Call, asked: Json) -> Reply:
        plan = read_plan(asked)
        if isinstance(plan, str):
            return _wrong(plan)
        if plan.access_token in self._world.by_token:
            return _wrong("access_token: another connection has it")
        company = found(self._world, plan)
        return reply(
            {
                "connection_id": company.id,
                "access_token": company.access_token,
                "public_token": company.public_token,
                "platform": company.platform,
                "accounts": company.roles,
                "items": company.default_items,
                **named(company),
            },
            201,
        )

    async def _state(self, call: Call, asked: Json) -> Reply:
        company = self._world.companies.get(str(asked.get("connection_id")))
        if company is None:
            return _wrong("connection_id: unknown", 404)
        match asked.get("state"):
            case "ready":
                become_ready(self._world, company)
            case "active":
                authenticate(self._world, company)
            case "needs_update":
                needs_update(self._world, company, link_url(call, company))
            case "unhealthy":
                company.unhealthy = True
            case "disabled":
                reason = asked.get("reason") or "MANUALLY_DISABLED"
                if reason not in DISABLED_REASONS:
                    return _wrong(f"reason: expected one of {', '.join(DISABLED_REASONS)}")
                disable(self._world, company, reason)
            case _:
                return _wrong("state: expected ready, active, needs_update, unhealthy or disabled")
        return reply({"connection_id": company.id, "status": company.status})

    async def _sync(self, _call: Call, asked: Json) -> Reply:
        """An incremental sync of everything in the connection's sync configuration, over when this answers."""
        company = self._world.companies.get(str(asked.get("connection_id")))
        if company is None:
            return _wrong("connection_id: unknown", 404)
        await self._world.sync(company, [one for one in company.shelves if one not in company.unsynced])
        return reply({"connection_id": company.id, "last_sync_completed_at": company.last_sync_completed_at})

    async def _link_defaults(self, _call: Call, asked: Json) -> Reply:
        """What companies linked from now on are like: the members of POST connections, the platform apart."""
        plan = read_plan({**asked, "platform": "QUICKBOOKS"})
        if isinstance(plan, str):
            return _wrong(plan)
        self._world.link_defaults = {name: value for name, value in asked.items() if name not in _OF_ONE_LINK}
        return reply(self._world.link_defaults)

    async def _edit_company(self, _call: Call, asked: Json) -> Reply:
        """Change what the company accepts: `closing_date` (null opens all), `currencies`, `webhook_url`, options."""
        company = self._world.companies.get(str(asked.get("connection_id")))
        if company is None:
            return _wrong("connection_id: unknown", 404)
        plan = read_plan({"home_currency": company.home_currency, **asked, "platform": company.platform})
        if isinstance(plan, str):
            return _wrong(plan)
        if "closing_date" in asked:
            company.closing_date = plan.closing_date
        if "currencies" in asked:
            company.currencies = plan.currencies | {company.home_currency}
            keep(self._world.writing(company), company.currencies)
        if "webhook_url" in asked:
            company.webhook_urls = plan.webhook_urls
        options = read_options(asked, company.options)
        if not isinstance(options, str):
            company.options = options
        return reply({"connection_id": company.id})

    async def _plant(self, _call: Call, asked: Json) -> Reply:
        fault = read_fault(asked)
        if not isinstance(fault, Fault):
            return _wrong(fault)
        self._world.faults.planted.append(fault)
        return reply(fault.shown(), 201)

    async def _faults(self, _call: Call, _asked: Json) -> Reply:
        shown = [fault.shown() for fault in self._world.faults.planted]
        return reply({"faults": shown, "held_jobs": list(self._world.held)})

    async def _clear_faults(self, call: Call, asked: Json) -> Reply:
        removed = len(self._world.faults.planted)
        self._world.faults.planted.clear()
        await self._release(call, asked)
        return reply({"removed": removed})

    async def _release(self, _call: Call, asked: Json) -> Reply:
        """Let pending jobs go: the one named by `job_id`, or all."""
        named = asked.get("job_id")
        going = [one for one in self._world.held if named in (None, one)]
        for job_id in going:
            self._world.held[job_id]()
        return reply({"released": going})

    async def _switches(self, _call: Call, _asked: Json) -> Reply:
        switches = self._world.switches
        return reply({name: getattr(switches, name) for name in type(switches).__dataclass_fields__})

    async def _switch(self, call: Call, asked: Json) -> Reply:
        changed = self._world.switches.changed(asked)
        if isinstance(changed, str):
            return _wrong(changed)
        self._world.switches = changed
        return await self._switches(call, asked)

    async def _books(self, call: Call, _asked: Json) -> Reply:
        companies = self._asked_companies(call)
        return _wrong("connection_id: unknown", 404) if companies is None else reply(books_report(companies))

    def _asked_companies(self, call: Call) -> list[Company] | None:
        wanted = call.query.get("connection_id")
        if wanted is None:
            return list(self._world.companies.values())
        company = self._world.companies.get(wanted)
        return [company] if company else None

    async def _requests(self, call: Call, _asked: Json) -> Reply:
        query, log = call.query, self._world.log
        after = query.get("after", "0")
        if not after.isdecimal():
            return _wrong("after: expected a request's number")
        names = {name: query.get(name) for name in ("method", "path", "connection_id")}
        only = Only(**names, after=int(after))
        if query.get("summary") == "1":
            return reply({"total": log.total, "summary": log.summary(only)})
        return reply({"total": log.total, "requests": log.shown(only)})

    async def _webhooks(self, _call: Call, _asked: Json) -> Reply:
        return reply({"urls": self._world.webhooks.urls, "deliveries": self._world.webhooks.shown()})

    async def _subscribe(self, _call: Call, asked: Json) -> Reply:
        url = asked.get("url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            return _wrong("url: expected an http or https URL")
        if url not in self._world.webhooks.urls:
            self._world.webhooks.urls.append(url)
        return reply({"urls": self._world.webhooks.urls}, 201)

    async def _tell(self, _call: Call, asked: Json) -> Reply:
        """A webhook of the CONNECTION class by its code, with any further `fields`: some happen only by themselves."""
        company = self._world.companies.get(str(asked.get("connection_id")))
        code, fields = asked.get("code"), asked.get("fields") or {}
        if company is None:
            return _wrong("connection_id: unknown", 404)
        if code not in CONNECTION_CODES or not isinstance(fields, dict):
            return _wrong(f"code: expected one of {', '.join(CONNECTION_CODES)}; fields: an object")
        self._world.webhooks.connection(company, code, **fields)
        return reply({"code": code})

    async def _outside(self, call: Call, asked: Json) -> Reply:
        company = self._world.companies.get(str(asked.get("connection_id")))
        if company is None:
            return _wrong("connection_id: unknown", 404)
        done = act_outside(self._world, company, call.path.removeprefix("/documents/"), asked)
        return _wrong(done) if isinstance(done, str) else reply(done)

    async def _shop(self, call: Call, asked: Json) -> Reply:
        company = self._world.companies.get(str(asked.get("connection_id")))
        if company is None:
            return _wrong("connection_id: unknown", 404)
        done = tell(self._world, company, call.path.removeprefix("/commerce/"), asked)
        return _wrong(done) if isinstance(done, str) else reply(done)

    def _link(self, call: Call) -> Reply:
        company = self._world.companies.get(call.path.removeprefix("/link/"))
        if company is None:
            return _wrong("no such connection", 404)
        return answer_hosted(self._world, company, call)
