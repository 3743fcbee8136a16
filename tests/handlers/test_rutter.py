"""Rutter's callbacks: what moves a connection, what resolves a write, and that the token in them stays in them."""

from typing import Any

import pytest

from schemas.deliveries import ConnectionMoved, Ignored, JobCompleted, NoMessage, Translation, Unreadable
from tests.handlers.bodies import translated

TOKEN = "313c3e00-2bbc-4b2e-a9dc-13abed546b65"
LINK = "https://link.rutterapi.com/connection/c-1"


def told(code: Any, **more: Any) -> Translation:
    """A connection webhook with that code."""
    body = {"type": "CONNECTION", "code": code, "connection_id": "c-1", "access_token": TOKEN}
    return translated("rutter", body | more)


def moved(move: Any, reason: str | None = None, link: str | None = None) -> ConnectionMoved:
    """The connection `c-1` moved so."""
    return ConnectionMoved(rutter_connection_id="c-1", move=move, reason=reason, link_url=link)


@pytest.mark.parametrize(
    ("code", "more", "expected"),
    [
        ("INITIAL_UPDATE", {}, moved("ready")),
        ("CONNECTION_UPDATED", {"store_unique_id": "S"}, moved("authenticated")),
        ("CONNECTION_AUTHENTICATED", {}, moved("authenticated")),
        ("CONNECTION_NEEDS_UPDATE", {"update_url": LINK}, moved("needs_update", link=LINK)),
        ("CONNECTION_NEEDS_UPDATE", {"link_url": LINK}, moved("needs_update", link=LINK)),
        ("CONNECTION_NEEDS_UPDATE", {"update_url": "javascript:alert(1)"}, moved("needs_update")),
        ("CONNECTION_NEEDS_UPDATE", {"update_url": f"{LINK}?access_token={TOKEN}"}, moved("needs_update")),
        ("CONNECTION_DISABLED", {"disabled_reason": "NEEDS_REAUTH"}, moved("disabled", "NEEDS_REAUTH")),
        ("CONNECTION_DISABLED", {"disabled_reason": f"because {TOKEN}"}, moved("disabled")),
        ("CONNECTION_ERROR", {}, moved("unhealthy")),
        ("JOB_COMPLETED", {"job": {"id": "j-1", "request": {"url": f"?access_token={TOKEN}"}}}, JobCompleted("j-1")),
        ("CONNECTION_LINK_ERROR", {}, Ignored("CONNECTION_LINK_ERROR")),
        ("INVOICE_UPDATED", {"invoice": {"id": "i"}}, Ignored("INVOICE_UPDATED")),
        (TOKEN, {}, Ignored("a code that is none of Rutter's")),
        ("INITIAL_UPDATE", {"connection_id": None}, Unreadable("$.connection_id", "missing")),
        ("INITIAL_UPDATE", {"connection_id": 7}, Unreadable("$.connection_id", "not a text")),
        ("JOB_COMPLETED", {}, Unreadable("$.job.id", "missing")),
        ("JOB_COMPLETED", {"job": "j-1"}, Unreadable("$.job", "not an object")),
        (None, {}, Unreadable("$.code", "missing")),
        (7, {}, Unreadable("$.code", "not a text")),
    ],
)
def test_a_code(code: Any, more: dict[str, Any], expected: Translation) -> None:
    """One answer for each, and the live token in none of them."""
    found = told(code, **more)
    assert found == expected
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"", NoMessage("not JSON")), (b"[]", Unreadable("$", "not an object")), (b"{}", Unreadable("$.code", "missing"))],
)
def test_no_callback(body: bytes, expected: Translation) -> None:
    """Bytes that are none."""
    assert translated("rutter", body) == expected
