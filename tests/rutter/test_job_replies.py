"""What a job tells of the write behind it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.documents import DocumentKind
from schemas.money import Money
from schemas.outcomes import DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from service.rutter.replies import Asked, outcome_of_job

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
JOB = {"x-rutter-job-id": "job-9"}
USD = Money(1434, "USD")


def asked(kind: DocumentKind = DocumentKind.INVOICE, total: Money | None = USD) -> Asked:
    return Asked(kind=kind, now=NOW, total=total, key="key-1", secrets=("tok-secret",))


ERROR = {"error_type": "X", "error_code": "PLATFORM_ERROR", "error_message": "No such item"}


def job(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Outcome:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return outcome_of_job(asked(), "job-9", status, headers or {}, raw)


def finished(status: str, http_status: object, body: object, **over: Any) -> dict[str, Any]:
    request = {"method": "POST", "url": "https://x?access_token=tok-secret", "idempotency_key": "key-1"}
    return {
        "id": "job-9",
        "status": status,
        "request": request,
        "response": {"http_status": http_status, "body": body},
        **over,
    }


INVOICE = {"invoice": {"id": "i-1", "total_amount": 14.34, "currency_code": "USD"}}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (finished("success", 200, INVOICE), Written(rutter_id="i-1", total=USD, job_id="job-9", how="job")),
        (finished("success", None, INVOICE), Written(rutter_id="i-1", total=USD, job_id="job-9", how="job")),
        (
            finished("success", 200, {"invoice": {}}),
            Unknown(reason="its job succeeded without a readable document", job_id="job-9", status=200),
        ),
        (
            finished("success", 450, INVOICE),
            Unknown(reason="its job's state cannot be read", job_id="job-9", status=450),
        ),
        ({"id": "job-9", "status": "pending"}, Unknown(reason="its job is running", job_id="job-9", pending=True)),
        ({"id": "job-9", "status": "prequeued"}, Unknown(reason="its job is running", job_id="job-9", pending=True)),
        (
            finished("failure", 450, ERROR),
            Rejected(status=450, code="PLATFORM_ERROR", message="No such item", accepted=True, job_id="job-9"),
        ),
        (
            finished("failure", 500, ERROR),
            Unknown(reason="its job failed: 500: No such item", job_id="job-9", status=500, job_failed=True),
        ),
        (finished("failure", None, None), Unknown(reason="its job failed", job_id="job-9", job_failed=True)),
        (
            finished("failure", 452, {}),
            Unknown(reason="its job failed: quota", job_id="job-9", status=452, job_failed=True),
        ),
        (
            finished("partial_success", 200, INVOICE),
            Unknown(reason="its job succeeded in part", job_id="job-9", status=200, job_failed=True),
        ),
        ({"id": "job-9", "status": "paused"}, Unknown(reason="its job's state cannot be read", job_id="job-9")),
        (
            finished("success", 200, INVOICE, id="job-8"),
            Unknown(reason="asking for the job: the answer is about another request", job_id="job-9", status=200),
        ),
        (
            finished("success", 200, INVOICE, request={"idempotency_key": "key-2"}),
            Unknown(reason="asking for the job: the answer is about another request", job_id="job-9", status=200),
        ),
    ],
)
def test_a_job_tells_what_became_of_the_write(told: dict[str, Any], expected: Outcome) -> None:
    assert job(told) == expected


def test_asking_for_a_job_can_fail_by_itself() -> None:
    assert job({}, 429, {"retry-after": "3"}) == Deferred(reason=DeferReason.QUOTA, retry_at=NOW + timedelta(seconds=3))
    assert job({"error_message": "gone"}, 410) == Unknown(
        reason="asking for the job: 410: gone", job_id="job-9", status=410
    )
    assert job(b"{") == Unknown(reason="asking for the job: an unreadable answer", job_id="job-9", status=200)
