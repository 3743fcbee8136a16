"""Every reply of Rutter becomes exactly one Outcome, here. Pure, and never raises.

Rutter: Handling errors (5xx tells nothing; 450 and 452 are the platform's 400 and 429), Making idempotent requests
(X-Rutter-Job-ID proves that a request was accepted and its outcome stored under the key), Asynchronous operations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from schemas import exact_json
from schemas.documents import DocumentKind
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from service.rutter.platform_words import own_words
from service.rutter.secrecy import scrub
from service.rutter.values import identifier, total_of
from service.rutter.voids import is_void

JOB_HEADER: Final = "x-rutter-job-id"
LONGEST_PAUSE: Final = timedelta(hours=1)
_MESSAGE: Final = 500
_CODE: Final = 80

_BY_CODE: Final = {
    "NEEDS_UPDATE": DeferReason.NEEDS_UPDATE,
    "CONNECTION_DISABLED": DeferReason.DISABLED,
    "PRODUCT_NOT_READY": DeferReason.NOT_READY,
    "INVALID_CREDENTIALS": DeferReason.CREDENTIALS,
}
_BY_STATUS: Final = {401: DeferReason.CREDENTIALS, 429: DeferReason.QUOTA, 452: DeferReason.QUOTA}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reply answers. `total`: what the books should say. `secrets` are masked in every text taken over."""

    kind: DocumentKind | None
    now: datetime
    total: Money | None = None
    key: str | None = None
    platform: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Said:
    """Rutter's error envelope: `error_code`, `error_message`, `error_metadata.human_readable` and `.platform`."""

    code: str | None
    message: str


def outcome_of_post(asked: Asked, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """What the answer to a write means. `headers` have lower-case names."""
    job_id = identifier(headers.get(JOB_HEADER))
    if 200 <= status < 300:
        return _made(asked, exact_json.loads(body), job_id, status)
    if 400 <= status < 500 and status != 408:
        return _refused(asked, status, headers, _said(asked, exact_json.loads(body)), job_id)
    said = _said(asked, exact_json.loads(body))
    return Unknown(reason=f"answered {status}{_colon(said.message)}", job_id=job_id, status=status)


def outcome_of_job(asked: Asked, job_id: str, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """What the answer to a question after a job means for the write behind it."""
    value = exact_json.loads(body)
    if status != 200:
        deferred = deferred_by(asked, status, headers, value)
        if deferred is not None:
            return deferred
        said = _said(asked, value)
        return Unknown(reason=f"asking for the job: {status}{_colon(said.message)}", job_id=job_id, status=status)
    if not isinstance(value, dict):
        return Unknown(reason="asking for the job: an unreadable answer", job_id=job_id, status=status)
    request = value.get("request")
    key = request.get("idempotency_key") if isinstance(request, dict) else None
    if value.get("id") != job_id or (asked.key is not None and isinstance(key, str) and key != asked.key):
        return Unknown(reason="asking for the job: the answer is about another request", job_id=job_id, status=status)
    return _ended(asked, value, job_id)


def outcome_of_read(
    asked: Asked, status: int, headers: Mapping[str, str], body: bytes
) -> Deferred | Rejected | Unknown:
    """What a read that was not answered with a 2xx means."""
    value = exact_json.loads(body)
    deferred = deferred_by(asked, status, headers, value)
    if deferred is not None:
        return deferred
    said = _said(asked, value)
    if 400 <= status < 500 and status != 408:
        return Rejected(status=status, code=said.code or f"HTTP_{status}", message=said.message, accepted=False)
    return Unknown(reason=f"reading: answered {status}{_colon(said.message)}", status=status)


def deferred_by(asked: Asked, status: int, headers: Mapping[str, str], value: object) -> Deferred | None:
    """Whether the answer says: not now."""
    reason = _defers(status, _said(asked, value))
    return Deferred(reason=reason, retry_at=retry_at(headers, asked.now)) if reason else None


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The time a Retry-After names (seconds, or a date), within an hour from now."""
    told = headers.get("retry-after", "").strip()
    if not told:
        return None
    if told.isascii() and told.isdecimal():
        seconds = int(told) if len(told) < 10 else LONGEST_PAUSE.total_seconds()
        return now + min(timedelta(seconds=seconds), LONGEST_PAUSE)
    try:
        at = parsedate_to_datetime(told)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(at, now), now + LONGEST_PAUSE)


def _made(asked: Asked, value: object, job_id: str | None, status: int) -> Outcome:
    """A 2xx: the object, the promise of one, or something that cannot be read and so proves nothing."""
    if isinstance(value, exact_json.BadJson) or not isinstance(value, dict):
        return Unknown(reason=f"answered {status} with a body that cannot be read", job_id=job_id, status=status)
    promised = value.get("async_response")
    if isinstance(promised, dict):
        ended = promised.get("status") in ("success", "failure", "partial_success")
        known = identifier(promised.get("id")) or job_id
        return Unknown(reason="Rutter goes on in a job", job_id=known, pending=known is not None and not ended)
    document = value.get(asked.kind.wrapper) if asked.kind else None
    if not isinstance(document, dict):
        return Unknown(reason=f"answered {status} without the document", job_id=job_id, status=status)
    if asked.kind is DocumentKind.CREDIT_APPLICATION:
        if document.get("success") is True:
            return Written(rutter_id=None, total=None, job_id=job_id)
        return Unknown(reason=f"answered {status} without success", job_id=job_id, status=status)
    made = identifier(document.get("id"))
    if made is None or _secret(asked, made):
        return Unknown(reason=f"answered {status} with a document that has no id", job_id=job_id, status=status)
    if asked.kind is DocumentKind.INVOICE_VOID and not is_void(document, asked.platform):
        reason = f"answered {status}, and the invoice is not void"
        return Unknown(reason=reason, job_id=job_id, status=status, job_failed=job_id is not None)
    total = total_of(document, asked.total) if asked.total is not None else None
    return Written(rutter_id=made, total=total, job_id=job_id)


def _refused(asked: Asked, status: int, headers: Mapping[str, str], said: _Said, job_id: str | None) -> Outcome:
    reason = _defers(status, said)
    if reason is not None and job_id is None:
        return Deferred(reason=reason, retry_at=retry_at(headers, asked.now))
    if reason is not None:
        # Accepted first: this passing trouble is stored under the key and would be replayed for ever. What the books
        # say then decides about a new key.
        return Unknown(reason=f"accepted, then: {reason.value}", job_id=job_id, status=status, job_failed=True)
    if status == 409:
        return Conflict(message=said.message)
    code = said.code or f"HTTP_{status}"
    return Rejected(status=status, code=code, message=said.message, accepted=job_id is not None, job_id=job_id)


def _ended(asked: Asked, job: dict[str, Any], job_id: str) -> Outcome:
    """By the job's status: prequeued, pending, success, failure; partial_success was seen in older versions."""
    response = job.get("response")
    response = response if isinstance(response, dict) else {}
    inner = response.get("http_status")
    inner = inner if isinstance(inner, int) and not isinstance(inner, bool) and 100 <= inner < 600 else None
    match job.get("status"):
        case "pending" | "prequeued":
            return Unknown(reason="its job is running", job_id=job_id, pending=True)
        case "success" if inner is None or 200 <= inner < 300:
            made = _made(asked, response.get("body"), job_id, inner or 200)
            if isinstance(made, Written):
                return replace(made, how="job")
            return Unknown(reason="its job succeeded without a readable document", job_id=job_id, status=inner)
        case "failure":
            return _failed(asked, inner, response.get("body"), job_id)
        case "partial_success":
            return Unknown(reason="its job succeeded in part", job_id=job_id, status=inner, job_failed=True)
        case _:
            return Unknown(reason="its job's state cannot be read", job_id=job_id, status=inner)


def _failed(asked: Asked, inner: int | None, body: object, job_id: str) -> Outcome:
    said = _said(asked, body)
    if inner is None or not 400 <= inner < 500 or inner == 408:
        reason = f"its job failed{_colon(str(inner) if inner else '')}{_colon(said.message)}"
        return Unknown(reason=reason, job_id=job_id, status=inner, job_failed=True)
    passing = _defers(inner, said)
    if passing is not None:
        return Unknown(reason=f"its job failed: {passing.value}", job_id=job_id, status=inner, job_failed=True)
    code = said.code or f"HTTP_{inner}"
    return Rejected(status=inner, code=code, message=said.message, accepted=True, job_id=job_id)


def _defers(status: int, said: _Said) -> DeferReason | None:
    if not 400 <= status < 500:
        return None
    return _BY_CODE.get((said.code or "").upper()) or _BY_STATUS.get(status)


def _said(asked: Asked, value: object) -> _Said:
    envelope = value if isinstance(value, dict) else {}
    metadata = envelope.get("error_metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    told = (envelope.get("error_message"), metadata.get("human_readable"))
    own = own_words(metadata.get("platform"))
    parts = [part.strip() for part in (*told, *own.texts) if isinstance(part, str) and part.strip()]
    message = " — ".join([*dict.fromkeys(parts), *(f"code {code}" for code in own.codes)])
    code = envelope.get("error_code")
    return _Said(
        scrub(code, asked.secrets, _CODE).strip() or None if isinstance(code, str) else None,
        scrub(message, asked.secrets, _MESSAGE),
    )


def _secret(asked: Asked, value: str) -> bool:
    return any(secret and secret.lower() in value.lower() for secret in asked.secrets)


def _colon(message: str) -> str:
    return f": {message}" if message else ""
