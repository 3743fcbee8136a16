"""Every reply becomes exactly one outcome."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.documents import DocumentKind
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from service.rutter.replies import Asked, outcome_of_job, outcome_of_post, outcome_of_read, retry_at

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
JOB = {"x-rutter-job-id": "job-9"}
USD = Money(1434, "USD")


def asked(kind: DocumentKind = DocumentKind.INVOICE, total: Money | None = USD) -> Asked:
    return Asked(kind=kind, now=NOW, total=total, key="key-1", secrets=("tok-secret",))


def post(
    status: int,
    body: object,
    headers: dict[str, str] | None = None,
    kind: DocumentKind = DocumentKind.INVOICE,
    total: Money | None = USD,
) -> Outcome:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return outcome_of_post(asked(kind, total), status, headers or {}, raw)


@pytest.mark.parametrize(
    ("kind", "document", "rutter_id", "total"),
    [
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":14.34,"currency_code":"USD"}', "i-1", Money(1434, "USD")),
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":14.340000000000002}', "i-1", Money(1434, "USD")),
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":14.345}', "i-1", Money(1435, "USD")),
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":null}', "i-1", None),
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":1434,"currency_code":"JPY"}', "i-1", Money(1434, "JPY")),
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":"14.34 or so"}', "i-1", None),
        (DocumentKind.INVOICE, b'{"id":"i-1","total_amount":1e400}', "i-1", None),
        (DocumentKind.INVOICE_PAYMENT, b'{"id":"p-1","total_amount":"14.34"}', "p-1", Money(1434, "USD")),
        (
            DocumentKind.CREDIT_MEMO,
            b'{"id":"m-1","total_amount":"3.000","currency_code":"kwd"}',
            "m-1",
            Money(3000, "KWD"),
        ),
        (DocumentKind.CUSTOMER_REFUND, b'{"id":"r-1","total_amount":-2}', "r-1", Money(-200, "USD")),
        (DocumentKind.CREDIT_APPLICATION, b'{"success":true}', None, None),
    ],
)
def test_a_document_is_written_with_its_exact_total(
    kind: DocumentKind, document: bytes, rutter_id: str | None, total: Money | None
) -> None:
    body = b'{"%s":%s}' % (kind.value.encode(), document)
    assert post(200, body, JOB, kind) == Written(rutter_id=rutter_id, total=total, job_id="job-9")


def test_an_amount_between_two_cents_never_passes_for_ours() -> None:
    body = {"invoice": {"id": "i-1", "total_amount": 14.345}}
    assert post(200, body, total=Money(1434, "USD")) == Written(rutter_id="i-1", total=Money(1435, "USD"))
    assert post(200, body, total=Money(1435, "USD")) == Written(rutter_id="i-1", total=Money(1434, "USD"))


def test_a_customer_has_no_total() -> None:
    body = {"customer": {"id": "c-1", "total_amount": 3, "currency_code": "USD"}}
    assert post(200, body, kind=DocumentKind.CUSTOMER, total=None) == Written(rutter_id="c-1", total=None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b'{"invoice":{"id":"i-1","total_amount":14.3',
        b'{"invoice":{"id":"i-1"},"invoice":{"id":"i-2"}}',
        b'"i-1"',
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"invoice":null}',
        b'{"invoice":{"total_amount":14.34}}',
        b'{"invoice":{"id":null}}',
        b'{"invoice":{"id":7}}',
        b'{"invoice":{"id":""}}',
        b'{"invoice":{"id":"not an id, a sentence"}}',
        b'{"invoice":{"id":"\xc3\xa9"}}',
        b'{"invoice":{"id":"%s"}}' % (b"x" * 101),
        b'{"invoice":{"id":"tok-secret"}}',
        b'{"customer":{"id":"c-1"}}',
        b'{"invoice":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    ],
)
def test_a_2xx_without_a_readable_document_proves_nothing(body: bytes) -> None:
    outcome = post(200, body, JOB)
    assert isinstance(outcome, Unknown)
    assert (outcome.job_id, outcome.status, outcome.pending, outcome.job_failed) == ("job-9", 200, False, False)


@pytest.mark.parametrize("document", [{"success": False}, {"id": "x"}, {"success": "true"}, None])
def test_a_credit_application_counts_only_with_success(document: object) -> None:
    outcome = post(200, {"invoice_credit_application": document}, kind=DocumentKind.CREDIT_APPLICATION)
    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize("told", ["pending", "prequeued", None, "tomorrow"])
def test_an_async_answer_is_pending_under_its_job(status: int, told: object) -> None:
    outcome = post(
        status, {"async_response": {"id": "job-7", "response_url": "https://x/jobs/job-7", "status": told}}, JOB
    )
    assert outcome == Unknown(reason="Rutter goes on in a job", job_id="job-7", pending=True)


def test_an_async_answer_without_an_id_falls_back_on_the_header() -> None:
    assert post(200, {"async_response": {"id": None}}, JOB) == Unknown(
        reason="Rutter goes on in a job", job_id="job-9", pending=True
    )
    assert post(200, {"async_response": {}}) == Unknown(reason="Rutter goes on in a job")


ERROR = {"error_type": "X", "error_code": "PLATFORM_ERROR", "error_message": "No such item"}


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422, 450, 499])
def test_a_refusal_with_a_job_id_has_spent_the_key(status: int) -> None:
    refused = {"status": status, "code": "PLATFORM_ERROR", "message": "No such item"}
    assert post(status, ERROR, JOB) == Rejected(**refused, accepted=True, job_id="job-9")  # type: ignore[arg-type]  # spelled once
    assert post(status, ERROR) == Rejected(**refused, accepted=False)  # type: ignore[arg-type]  # as above


def test_a_refusal_without_an_envelope_is_one_all_the_same() -> None:
    assert post(404, b"<html>") == Rejected(status=404, code="HTTP_404", message="", accepted=False)


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (401, None, DeferReason.CREDENTIALS),
        (429, None, DeferReason.QUOTA),
        (452, "PLATFORM_RATE", DeferReason.QUOTA),
        (400, "NEEDS_UPDATE", DeferReason.NEEDS_UPDATE),
        (401, "NEEDS_UPDATE", DeferReason.NEEDS_UPDATE),
        (409, "CONNECTION_DISABLED", DeferReason.DISABLED),
        (403, "PRODUCT_NOT_READY", DeferReason.NOT_READY),
        (400, "INVALID_CREDENTIALS", DeferReason.CREDENTIALS),
    ],
)
def test_what_says_not_now_is_deferred_unless_it_is_stored_under_the_key(
    status: int, code: str | None, reason: DeferReason
) -> None:
    body = {"error_code": code, "error_message": "later"}
    assert post(status, body) == Deferred(reason=reason)
    assert post(status, body, {"retry-after": "7"}) == Deferred(reason=reason, retry_at=NOW + timedelta(seconds=7))
    stored = post(status, body, JOB)
    assert isinstance(stored, Unknown)
    assert (stored.job_id, stored.job_failed, stored.status) == ("job-9", True, status)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        ("999999999999999999999999", 3600),
        ("Mon, 02 Nov 2026 10:01:00 GMT", 60),
        ("Mon, 02 Nov 2020 10:01:00 GMT", 0),
        ("Mon, 02 Nov 9020 10:01:00 GMT", 3600),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_and_bounded(told: str, seconds: int | None) -> None:
    assert retry_at({"retry-after": told}, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a_409_is_a_conflict() -> None:
    assert post(409, {"error_message": "another request"}, JOB) == Conflict(message="another request")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599, 408, 302, 101])
def test_a_5xx_or_a_stranger_tells_nothing(status: int) -> None:
    outcome = post(status, ERROR, JOB)
    assert outcome == Unknown(reason=f"answered {status}: No such item", job_id="job-9", status=status)


def test_error_texts_are_joined_bounded_and_scrubbed() -> None:
    outcome = post(
        400,
        {
            "error_code": "BAD\n" + "x" * 200,
            "error_message": "see https://h/jobs?access_token=abc-123&x=1 and TOK-SECRET " + "y" * 5000,
            "error_metadata": {"human_readable": "read me"},
        },
    )
    assert isinstance(outcome, Rejected)
    assert "abc-123" not in outcome.message
    assert "secret " not in outcome.message.lower().replace("[secret]", "")
    assert outcome.message.startswith("see https://h/jobs?access_token=[secret]&x=1 and [secret] yyy")
    assert (len(outcome.message), len(outcome.code)) == (500, 80)
    short = post(400, {"error_message": "a", "error_metadata": {"human_readable": "read me"}})
    assert isinstance(short, Rejected)
    assert short.message == "a — read me"


def test_a_refused_read() -> None:
    assert outcome_of_read(asked(), 404, {}, b"{}") == Rejected(status=404, code="HTTP_404", message="", accepted=False)
    assert outcome_of_read(asked(), 503, {}, b"") == Unknown(reason="reading: answered 503", status=503)
    assert outcome_of_read(asked(), 452, {}, b"") == Deferred(reason=DeferReason.QUOTA)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMED = st.fixed_dictionaries(
    {},
    optional={
        name: VALUES
        | st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("id", "status", "success", "total_amount", "currency_code"), VALUES)
        )
        for name in (
            "invoice",
            "invoice_credit_application",
            "async_response",
            "error_code",
            "error_message",
            "error_metadata",
            "id",
            "status",
            "request",
            "response",
        )
    },
)
BODIES = st.binary(max_size=80) | NAMED.map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(st.sampled_from(["x-rutter-job-id", "retry-after"]), st.text(max_size=40))


@given(kind=st.sampled_from(DocumentKind), status=st.integers(100, 599), headers=HEADERS, body=BODIES)
def test_whatever_comes_back_is_one_outcome(
    kind: DocumentKind, status: int, headers: dict[str, str], body: bytes
) -> None:
    outcome = outcome_of_post(asked(kind), status, headers, body)
    assert isinstance(outcome, Written | Rejected | Deferred | Unknown | Conflict)
    if isinstance(outcome, Written):
        assert 200 <= status < 300
        assert outcome.rutter_id is None or (outcome.rutter_id.isascii() and 0 < len(outcome.rutter_id) <= 100)
    if isinstance(outcome, Rejected):
        assert 400 <= status < 500
    assert isinstance(
        outcome_of_job(asked(kind), "job-9", status, headers, body), Written | Rejected | Deferred | Unknown
    )
    assert isinstance(outcome_of_read(asked(kind), status, headers, body), Rejected | Deferred | Unknown)
