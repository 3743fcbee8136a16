"""Who comes in, and what every answer carries."""

from datetime import timedelta

import httpx
import pytest

from service.console.throttle import Throttle
from tests.console.conftest import Console
from tests.console.stage import TOKEN, HandClock

PAGES: tuple[str, ...] = (
    "/",
    "/parked",
    "/documents",
    "/orders",
    "/orders/story?connection=acme&namespace=store&order=1001",
    "/tie-out",
)
PAGES += ("/connections", "/deliveries?id=d-0001")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_a_session_leads_to_the_login_and_back(standing: Console, path: str) -> None:
    with httpx.Client(base_url=standing.url, follow_redirects=True) as client:
        asked = client.get(path)
        assert asked.url.path == "/login"
        where = asked.text.split('name="next" value="')[1].split('"')[0].replace("&amp;", "&")
        entered = client.post("/login", data={"token": TOKEN, "next": where})
    assert entered.status_code == 200
    assert str(entered.url) == standing.url + path


def test_a_wrong_token_stays_outside(standing: Console) -> None:
    with httpx.Client(base_url=standing.url) as client:
        refused = client.post("/login", data={"token": TOKEN + "x"})
        assert refused.status_code == 401
        assert "That is not the admin token." in refused.text
        assert TOKEN not in refused.text
        assert not client.cookies
        assert client.get("/").status_code == 303


def test_wrong_tokens_are_throttled_and_sessions_go_on(console: Console) -> None:
    def login(token: str) -> httpx.Response:
        return httpx.post(console.url + "/login", data={"token": token})

    def bearer(token: str) -> httpx.Response:
        return httpx.get(console.url + "/api/overview", headers={"authorization": f"Bearer {token}"})

    with httpx.Client(base_url=console.url) as signed_in:
        signed_in.post("/login", data={"token": TOKEN})
        tried = [login("wrong").status_code for _ in range(10)] + [bearer("wrong").status_code for _ in range(10)]
        assert tried == [401] * 20
        for refused in (login("wrong"), login(TOKEN), bearer("wrong"), bearer(TOKEN)):
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "6")
            assert "wait 6 s" in refused.text
        assert signed_in.get("/").status_code == 200
        assert signed_in.get("/api/overview").status_code == 200
    assert httpx.get(console.url + "/api/overview").status_code == 401
    console.stage.clock.at += timedelta(seconds=6)
    assert bearer(TOKEN).status_code == 200
    assert (bearer("wrong").status_code, bearer("wrong").status_code) == (401, 429)


def test_addresses_are_counted_apart_as_far_as_they_are_remembered() -> None:
    clock = HandClock()
    throttle = Throttle(clock.now)
    for _ in range(20):
        throttle.wrong("10.0.0.1")
    assert (throttle.wait("10.0.0.1"), throttle.wait("10.0.0.2")) == (6, 0)
    for number in range(999):
        throttle.wrong(f"host-{number}")
    for number in range(20):
        throttle.wrong(f"newcomer-{number}")
    assert (throttle.wait("yet another"), throttle.wait("host-0"), throttle.wait("10.0.0.1")) == (6, 0, 6)
    clock.at += timedelta(seconds=121)
    throttle.wrong("10.0.0.3")
    assert (throttle.wait("yet another"), throttle.wait("10.0.0.1")) == (0, 0)


def test_the_cookie_is_kept_from_scripts_and_other_sites(standing: Console) -> None:
    answer = httpx.post(standing.url + "/login", data={"token": TOKEN})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie


def test_a_session_that_was_tampered_with_or_has_ended_is_none(console: Console) -> None:
    with httpx.Client(base_url=console.url) as client:
        client.post("/login", data={"token": TOKEN})
        [(name, value)] = client.cookies.items()
        assert client.get("/").status_code == 200
        ends, rest = value.split(".", 1)
        for forged in (f"{int(ends) + 9}.{rest}", value[:-2] + "xx", "", "é", "1.2.3"):
            again = httpx.get(console.url + "/", headers={b"cookie": f"{name}={forged}".encode()})
            assert again.status_code == 303, forged
        console.stage.clock.at += timedelta(hours=13)
        assert client.get("/").status_code == 303


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_login_leads_to_no_other_site(standing: Console, then: str) -> None:
    answer = httpx.post(standing.url + "/login", data={"token": TOKEN, "next": then})
    assert answer.headers["location"] == "/"


def test_signing_out_ends_it(visitor: httpx.Client) -> None:
    csrf = _csrf(visitor)
    assert visitor.post("/logout", data={"csrf": csrf}).url.path == "/login"
    assert visitor.get("/").url.path == "/login"


def test_a_form_without_the_sessions_csrf_token_changes_nothing(visitor: httpx.Client, console: Console) -> None:
    fields = {"fingerprint": "unmapped item: item SHIRT-M", "connection": "acme"}
    for csrf in ("", "wrong", TOKEN):
        assert visitor.post("/parked/release", data=fields | {"csrf": csrf}).status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    good = fields | {"csrf": _csrf(visitor)}
    assert visitor.post("/parked/release", data=good, headers=elsewhere).status_code == 403
    assert visitor.post("/parked/release", data=good, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert "Release all 2" in visitor.get("/parked").text
    assert httpx.post(console.url + "/parked/release", data=good).headers["location"] == "/login"


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/api/overview", "/health/live", "/static/console.css"])
def test_every_answer_carries_the_security_headers(standing: Console, path: str) -> None:
    headers = httpx.get(standing.url + path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == (
        "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
    )


def test_a_large_form_is_cut_off(visitor: httpx.Client) -> None:
    assert visitor.post("/parked/release", data={"csrf": "x" * 70_000}).status_code == 413
    assert visitor.post("/login", data={"token": "x" * 70_000}).status_code == 413


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/"])
def test_only_static_files_are_served(standing: Console, path: str) -> None:
    assert httpx.get(standing.url + path).status_code == 404


def _csrf(client: httpx.Client) -> str:
    return client.get("/").text.split('name="csrf" value="')[1].split('"')[0]
