"""The API: the same answers as JSON, and a document that says what there is."""

from typing import Any

import httpx
import pytest
from starlette.routing import Mount, Route

from service.console.app import create_admin_app
from service.console.desk import ReplayAsk
from tests.console.conftest import Console
from tests.console.stage import PLANTED, TOKEN

SHIRT = "unmapped item: item SHIRT-M"


@pytest.mark.parametrize(
    "path", ["/api/overview", "/api/parked", "/api/documents", "/api/tie-out", "/api/openapi.json", "/metrics"]
)
def test_nothing_without_the_token(standing: Console, path: str) -> None:
    assert httpx.get(standing.url + path).status_code == 401
    for wrong in ("Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN):
        answer = httpx.get(standing.url + path, headers={"authorization": wrong})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert httpx.get(standing.url + path, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_session_reads_but_does_not_change(visitor: httpx.Client) -> None:
    assert visitor.get("/api/parked").status_code == 200
    assert visitor.post("/api/release", json={"fingerprint": SHIRT}).status_code == 401


def test_release_by_fingerprint(api: httpx.Client) -> None:
    before = api.get("/api/parked").json()
    assert [(group["fingerprint"], group["count"], group["behind"]) for group in before["groups"]] == [
        (SHIRT, 2, 2),
        ("written different: invoice:1005", 1, 0),
    ]
    released = api.post("/api/release", json={"fingerprint": SHIRT, "connection": "acme"})
    assert released.json() == {
        "released": [
            {"connection": "acme", "namespace": "store", "key": key, "fingerprint": SHIRT}
            for key in ("order:1002", "order:1003")
        ],
        "more": False,
    }
    assert [group["count"] for group in api.get("/api/parked").json()["groups"]] == [1]
    assert api.post("/api/release", json={"fingerprint": SHIRT}).json() == {"released": [], "more": False}


def test_release_by_key_leaves_its_like_parked(api: httpx.Client) -> None:
    assert len(api.post("/api/release", json={"keys": ["order:1003", "order:none"]}).json()["released"]) == 1
    assert [group["count"] for group in api.get("/api/parked").json()["groups"]] == [1, 1]
    story = api.get("/api/story", params={"connection": "acme", "namespace": "store", "order": "1003"}).json()
    assert story["facts"][0]["work"]["state"] == "due"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"keys":[]}', b'{"keys":"order:1"}', b'{"fingerprint":7}', b'{"keys":[1]}', b"nonsense"],
)
def test_a_release_that_says_nothing_is_refused(api: httpx.Client, body: bytes) -> None:
    answer = api.post("/api/release", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_documents_page_by_page(api: httpx.Client) -> None:
    seen: list[str] = []
    before: int | None = None
    for _ in range(10):
        answer = api.get("/api/documents", params={"limit": 3} | ({"before": before} if before else {})).json()
        seen += [one["key"] for one in answer["documents"]]
        before = answer["before"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_stories(api: httpx.Client) -> None:
    [found] = api.get("/api/stories", params={"text": "pi_2"}).json()["stories"]
    assert (found["order_id"], found["minor"], found["currency"]) == ("1002", 120_000, "USD")
    story = api.get("/api/story", params={"connection": "acme", "namespace": "store", "key": "refund:re_2"}).json()
    assert [(fact["key"], fact["work"]["state"]) for fact in story["facts"]] == [
        ("order:1002", "parked"),
        ("payment:pi_2", "held"),
        ("refund:re_2", "held"),
    ]
    assert api.get("/api/story", params={"connection": "acme", "namespace": "store"}).status_code == 400
    assert api.get("/api/story", params={"connection": "a", "namespace": "b", "order": "c"}).status_code == 404


def test_the_tie_out_in_minor_units(api: httpx.Client) -> None:
    ties = {(tie["connection"], tie["currency"]): tie for tie in api.get("/api/tie-out").json()["tie_out"]}
    usd = ties["acme", "USD"]
    assert (usd["source"], usd["books"], usd["difference"], usd["unexplained"]) == (-3580, 1321, 4901, 0)
    assert ties["acme", "JPY"]["ties"] is True


def test_replay_is_handed_on(api: httpx.Client, console: Console) -> None:
    answer = api.post("/api/replay", json={"order": "1001", "since": "2026-11-02T00:00:00Z", "dry_run": True})
    assert answer.json() == {"deliveries": 3, "events": 2, "verdicts": {"duplicate": 2}}
    [ask] = console.parts.replayed
    assert isinstance(ask, ReplayAsk)
    assert (ask.order, ask.dry_run, ask.source) == ("1001", True, None)
    for wrong in (
        {},
        {"dry_run": True},
        {"order": 1},
        {"since": "yesterday"},
        {"since": "2026-11-02T00:00:00"},
        {"all": 1},
    ):
        assert api.post("/api/replay", json=wrong).status_code == 400


def test_metrics_are_read_from_the_trail(api: httpx.Client) -> None:
    said = api.get("/metrics").text
    assert 'ledgerhook_work{connection="acme",state="parked"} 3.0' in said
    assert 'ledgerhook_work{connection="acme",state="in_doubt"} 1.0' in said
    assert 'ledgerhook_connections{state="needs_update"} 1.0' in said
    assert "ledgerhook_outbox_waiting " in said


def test_no_secret_in_any_answer(api: httpx.Client) -> None:
    for path in ("/api/overview", "/api/parked", "/api/documents", "/api/tie-out", "/metrics"):
        assert PLANTED not in api.get(path).text
    story = {"connection": "acme", "namespace": "store", "order": "1001"}
    assert PLANTED not in api.get("/api/story", params=story).text


def test_a_trail_out_of_reach_is_said(api: httpx.Client, visitor: httpx.Client, console: Console) -> None:
    console.stage.run(lambda c: c.exec_driver_sql("ALTER TABLE work RENAME TO work_elsewhere"))
    assert api.get("/api/parked").status_code == 503
    page = visitor.get("/parked")
    assert page.status_code == 503
    assert "The trail cannot be read now" in page.text
    assert api.get("/metrics").status_code == 200


def test_the_document_says_what_is_routed(api: httpx.Client, console: Console) -> None:
    document = api.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    routed: set[tuple[str, str]] = set()
    for route in create_admin_app(console.parts.desk).routes:
        if isinstance(route, Route) and route.path.startswith(("/api/", "/health/", "/metrics")):
            routed |= {(route.path, method.lower()) for method in route.methods or () if method != "HEAD"}
        else:
            assert isinstance(route, Mount | Route)
    assert described == routed


def test_answers_are_as_the_document_says(api: httpx.Client) -> None:
    document = api.get("/api/openapi.json").json()
    story = {"connection": "acme", "namespace": "store", "order": "1001"}
    asks: list[tuple[str, dict[str, str]]] = [
        ("/api/overview", {}), ("/api/parked", {}), ("/api/documents", {}), ("/api/tie-out", {}),
        ("/api/stories", {"text": "1001"}), ("/api/story", story), ("/health/ready", {}),
    ]  # fmt: skip
    for path, params in asks:
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        problems = list(_problems(api.get(path, params=params).json(), schema, document, path))
        assert problems == []


def _problems(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str) -> Any:
    """The little of JSON Schema that the document uses."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    given = schema["type"]
    allowed = tuple(kinds[kind] for kind in ([given] if isinstance(given, str) else given))
    if not isinstance(value, allowed):
        yield f"{at}: {type(value).__name__} is not {given}"
    elif isinstance(value, dict):
        yield from (f"{at}: no {name}" for name in schema.get("required", ()) if name not in value)
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _problems(value[name], inner, document, f"{at}.{name}")
    elif isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            yield from _problems(one, schema["items"], document, f"{at}[{number}]")
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not among {schema['enum']}"
