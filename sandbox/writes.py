"""The way of a write: idempotency, Rutter's own checks, acceptance as a job, the platform's turn, the outcome.

Nothing between acceptance and outcome awaits except the latency asked for, so what the platform does is atomic.
"""

import asyncio
from dataclasses import dataclass
from typing import Literal

from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json, dumps, loads
from sandbox.faults import Fault
from sandbox.idempotency import Conflict, scope
from sandbox.jobs import Job
from sandbox.reads import missing
from sandbox.refusals import Refusal, by_platform, invalid_input, server_fault, too_many
from sandbox.request_body import Asked, read_asked
from sandbox.wire import Call, Reply, refuse, reply
from sandbox.world import World
from sandbox.writing import Writing

Verb = Literal["create", "patch", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One accepted write: what the platform is to do."""

    company: Company
    kind: Kind
    verb: Verb
    object_id: str | None
    fields: Json
    job: Job
    fault: Fault | None


async def write(
    world: World,
    call: Call,
    company: Company,
    kind: Kind,
    verb: Verb,
    *,
    object_id: str | None = None,
    parsed: object = None,
) -> Reply:
    """Answer one POST, PATCH or DELETE. `parsed` is the body, where it was no JSON."""
    try:
        parsed = parsed or (loads(call.body) if call.body else {})
    except ValueError:
        return refuse(invalid_input("the body is not JSON"))
    key = call.idempotency_key if verb != "delete" else None
    scoped = scope(world.switches, key, company.id, call.method, call.path) if key else None
    known = world.keys.find(scoped, call.method, call.path, call.raw_query, parsed) if scoped else None
    if isinstance(known, Conflict):
        return refuse(_conflict())
    if known is not None:
        replayed = await _replay(world, call, known)
        if replayed is not None:
            return replayed
    asked = read_asked(company, kind, verb, parsed, world.switches)
    if isinstance(asked, Refusal):
        return refuse(asked)
    if object_id is not None and verb == "patch" and company.shelves[kind.plural].get(object_id) is None:
        return refuse(missing(kind, object_id, world.switches))
    over_quota = not company.quota.spend(company.options, world.clock())
    if over_quota and not world.switches.platform_rate_limit_accepted:
        return refuse(too_many(452))
    job = Job(
        id=world.ids.uuid(),
        connection_id=company.id,
        method=call.method,
        path=call.path,
        query=call.raw_query,
        body=parsed,
        idempotency_key=key,
        base_url=call.base_url,
    )
    world.jobs[job.id] = job
    if scoped:
        world.keys.claim(scoped, job)
    work = Work(
        company=company,
        kind=kind,
        verb=verb,
        object_id=object_id,
        fields=asked.fields,
        job=job,
        fault=Fault(kind="452") if over_quota else call.strike.fault,
    )
    return await _run(world, call, work, asked)


def _conflict() -> Refusal:
    return invalid_input(
        "This Idempotency-Key was used for a different request", status=409, reason="idempotency_conflict"
    )


async def _replay(world: World, call: Call, job: Job) -> Reply | None:
    """The stored outcome; while the first is in flight, what the switch says (None: do it again)."""
    if job.status == "pending" and not job.detached:
        match world.switches.in_flight_duplicate:
            case "conflict":
                return refuse(_conflict())
            case "twice":
                return None
            case "async":
                job.detached = True
            case "wait":
                await job.wait(world.switches.prefer_sync_seconds)
    return _answered(world, call, job)


async def _run(world: World, call: Call, work: Work, asked: Asked) -> Reply:
    job, wait = work.job, float("inf") if work.kind.synchronous else world.switches.prefer_sync_seconds
    delay = world.switches.latency + call.strike.latency
    if work.fault is not None and work.fault.kind == "stay_pending" and not work.kind.synchronous:
        job.detached = True
        _hold(world, work, work.fault)
    elif asked.response_mode == "async" or delay > wait:
        job.detached = asked.response_mode == "async"
        world.spawn(_finish_later(world, work, delay))
        if not job.detached and not await job.wait(wait):
            job.detached = True
    else:
        if delay:
            await asyncio.sleep(delay)
        perform(world, work)
    return _answered(world, call, job)


async def _finish_later(world: World, work: Work, seconds: float) -> None:
    if seconds:
        await asyncio.sleep(seconds)
    perform(world, work)


def _hold(world: World, work: Work, fault: Fault) -> None:
    """Keep the job pending until it is released: by the clock, or by POST /_sandbox/faults/release."""

    def let_go() -> None:
        if world.held.pop(work.job.id, None) is not None:
            perform(world, work)

    async def after(seconds: float) -> None:
        await asyncio.sleep(seconds)
        let_go()

    world.held[work.job.id] = let_go
    if fault.seconds is not None:
        world.spawn(after(fault.seconds))


def _answered(world: World, call: Call, job: Job) -> Reply:
    """The job's outcome or its async form, unless a fault strikes after the fact."""
    fault = call.strike.fault
    if fault is not None and fault.kind == "timeout_after":
        return Reply(status=0, body=b"", job_id=job.id, cut_after=fault.seconds or 0.0)
    if fault is not None and fault.kind == "error_after":
        answer = refuse(server_fault(fault.status or 500))
        answer.job_id = job.id if fault.job_header else None
        return answer
    if job.status == "pending":
        url = f"{call.base_url}/jobs/{job.id}"
        body = {"async_response": {"id": job.id, "response_url": url, "status": "pending"}}
        answer = reply(body, int(world.switches.async_status))
    else:
        answer = Reply(status=job.http_status, body=job.answer, reason=job.reason)
    answer.job_id = job.id
    return answer


def perform(world: World, work: Work) -> None:
    """The platform's turn: make, change or delete, then store the outcome and tell it."""
    writing = world.writing(work.company, work.job.idempotency_key)
    outcome = _planted(world, work) or _act(writing, work)
    if isinstance(outcome, Refusal):
        status, body, reason = outcome.status, dumps(outcome.body()), outcome.reason
    else:
        status, body, reason = 200, dumps(outcome), None
    fault = work.fault
    if fault is not None and fault.kind == "error_after" and fault.remember == "error":
        refusal = server_fault(fault.status or 500)
        status, body, reason = refusal.status, dumps(refusal.body()), refusal.reason
    work.job.finish(status, body, reason)
    _tell(world, work, writing)


def _planted(world: World, work: Work) -> Refusal | None:
    """The refusal a fault asks the platform for."""
    fault = work.fault
    if fault is None:
        return None
    if fault.kind == "450" or (fault.kind == "stay_pending" and fault.release == "fail"):
        return by_platform(
            work.company.platform, "planted", "The platform refused (planted)", status=fault.status or 450
        )
    return too_many(452) if fault.kind == "452" and world.switches.platform_rate_limit_accepted else None


def _act(writing: Writing, work: Work) -> Json | Refusal:
    kind = work.kind
    if work.verb == "create" and kind.create is not None:
        made = kind.create(writing, work.fields)
        return made if isinstance(made, Refusal) else {kind.singular: made}
    before = work.company.shelves[kind.plural].get(work.object_id or "")
    if before is None:
        return {"code": "not_found", "success": False}
    if work.verb == "patch" and kind.patch is not None:
        changed = kind.patch(writing, before, work.fields)
        return changed if isinstance(changed, Refusal) else {kind.singular: changed}
    refused = kind.delete(writing, before) if kind.delete is not None else None
    return refused or {"code": "deleted", "success": True}


def _tell(world: World, work: Work, writing: Writing) -> None:
    switches, company = world.switches, work.company
    if switches.object_webhooks:
        world.webhooks.objects(company, writing.changes)
    if switches.job_webhooks == "none" or (switches.job_webhooks == "async" and not work.job.detached):
        return
    world.webhooks.send(
        company,
        {
            "type": "JOB",
            "code": "JOB_COMPLETED",
            "connection_id": company.id,
            "access_token": company.access_token,
            "job": job_shown(work.job),
        },
    )


def job_shown(job: Job) -> Json:
    """A job as `GET /jobs/{id}` and JOB_COMPLETED show it."""
    shown: Json = {"id": job.id, "status": job.status, "request": job.request()}
    if job.status != "pending":
        shown["response"] = {"http_status": job.http_status, "body": loads(job.answer)}
    return shown
