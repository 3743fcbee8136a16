"""Every kind proves its sender: the published and hand-computed vectors, and what each refusal is called."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.registry import HANDLERS, read
from schemas.deliveries import RefusalReason, Refused, Verified
from schemas.sources import KINDS, Kind
from tests.handlers.bodies import NOW, delivery, source

WHEN = datetime.fromtimestamp(1_700_000_000, UTC)
STRIPE_VECTOR = "t=1700000000,v1=c8810ddf0d0867928eb98da07f9baa91f6a359ac782696745bbce454bfb45e6f"
SHOPIFY_VECTOR = "K2XDCjoIIQnsCAW9wJNjHt4VwaiFCMoHAkXVA+JPSq0="
RUTTER_VECTOR = "sha256=fmP+C2gmvZCgZwz0CA3NNlB8V2id7BvcQfxZT1sr8cE="
BODY = b'{"id":1}'
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SW_BODY = b'{"test": 2432232314}'
SW_WHEN = datetime.fromtimestamp(1_614_265_330, UTC)
SW_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SW_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HMAC: dict[str, Any] = {"secrets": ("shared-secret",), "auth": "hmac"}


def verdict(kind: Kind, headers: dict[str, str], body: bytes = BODY, now: datetime = WHEN, **changes: Any) -> object:
    """`True` when proved, else the reason."""
    found = HANDLERS[kind].verify(delivery(body, headers), source(kind, **changes), now)
    if isinstance(found, Refused):
        return found.reason
    return isinstance(found, Verified)


def standard(signatures: str, brand: str = "webhook", **changes: str) -> dict[str, str]:
    """The three headers of the first published vector."""
    told = {"id": SW_ID, "timestamp": "1614265330", "signature": signatures} | changes
    return {f"{brand}-{name}": value for name, value in told.items()}


STRIPE_CASES = [
    (STRIPE_VECTOR, True),
    (STRIPE_VECTOR + ",v0=00", True),
    ("v1=" + "00" * 32 + "," + STRIPE_VECTOR, True),
    (STRIPE_VECTOR.replace(",", " , "), True),
    ("", RefusalReason.MISSING),
    ("t=1700000000", RefusalReason.GARBLED),
    ("v1=" + "00" * 32, RefusalReason.GARBLED),
    ("t=1700000000,v1=xyz", RefusalReason.GARBLED),
    ("t=1700000000,v0=" + "00" * 32, RefusalReason.GARBLED),
    ("t=now,v1=" + "00" * 32, RefusalReason.GARBLED),
    ("t=\uff11\uff17,v1=" + "00" * 32, RefusalReason.GARBLED),
    ("t=-5,v1=" + "00" * 32, RefusalReason.GARBLED),
    ("t=1," + STRIPE_VECTOR, RefusalReason.GARBLED),
    ("no commas, no sense: é\udcff", RefusalReason.GARBLED),
    ("t=1700000000" + ",v1=" + "ab" * 5000, RefusalReason.GARBLED),
    ("t=1700000000" + (",v1=" + "00" * 32) * 33, RefusalReason.GARBLED),
    ("t=1700000000,v1=" + "00" * 32, RefusalReason.WRONG),
    (STRIPE_VECTOR.replace("1700000000", "1700000001"), RefusalReason.WRONG),
]


@pytest.mark.parametrize(("header", "expected"), STRIPE_CASES)
def test_stripe(header: str, expected: object) -> None:
    """The whole `whsec_` text is the key, and any `v1` will do."""
    headers = {"stripe-signature": header} if header else {}
    assert verdict("stripe", headers, secrets=("whsec_old", "whsec_test_secret")) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(300, True), (301, RefusalReason.STALE), (-300, True), (-301, RefusalReason.STALE)],
)
def test_stripe_is_fresh_on_both_sides(seconds: int, expected: object) -> None:
    """A signature from the future is as stale as an old one."""
    later = WHEN + timedelta(seconds=seconds)
    headers = {"stripe-signature": STRIPE_VECTOR}
    assert verdict("stripe", headers, now=later, secrets=("whsec_test_secret",)) == expected


def test_a_stale_forgery_is_called_wrong() -> None:
    """Only a signature that holds can be stale."""
    headers = {"stripe-signature": STRIPE_VECTOR}
    assert verdict("stripe", headers, now=NOW, secrets=("whsec_other",)) is RefusalReason.WRONG


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_an_empty_secret_proves_nobody(secrets: tuple[str, ...]) -> None:
    """Anybody can sign with an empty key."""
    forged = hmac.new(b"", b"1700000000." + BODY, hashlib.sha256).hexdigest()
    assert verdict("stripe", {"stripe-signature": f"t=1700000000,v1={forged}"}, secrets=secrets) is RefusalReason.WRONG
    forged = base64.b64encode(hmac.new(b"", BODY, hashlib.sha256).digest()).decode()
    assert verdict("shopify", {"x-shopify-hmac-sha256": forged}, secrets=secrets) is RefusalReason.WRONG


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-shopify-hmac-sha256": SHOPIFY_VECTOR}, True),
        ({"shopify-hmac-sha256": SHOPIFY_VECTOR}, True),
        ({"x-shopify-hmac-sha256": SHOPIFY_VECTOR.rstrip("=")}, True),
        ({}, RefusalReason.MISSING),
        ({"x-shopify-hmac-sha256": "not base64!"}, RefusalReason.GARBLED),
        ({"x-shopify-hmac-sha256": "é"}, RefusalReason.GARBLED),
        ({"x-shopify-hmac-sha256": "AAAA"}, RefusalReason.GARBLED),
        ({"x-shopify-hmac-sha256": "A" * 100_000}, RefusalReason.GARBLED),
        ({"x-shopify-hmac-sha256": SHOPIFY_VECTOR.replace("K2", "K3")}, RefusalReason.WRONG),
    ],
)
def test_shopify(headers: dict[str, str], expected: object) -> None:
    """The body's keyed hash in base64, under either spelling of the header."""
    assert verdict("shopify", headers, secrets=("shpss_new", "shpss_test_secret")) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (RUTTER_VECTOR, True),
        ("", RefusalReason.MISSING),
        (RUTTER_VECTOR.removeprefix("sha256="), RefusalReason.GARBLED),
        ("sha256=" + hmac.new(b"client_secret", BODY, hashlib.sha256).hexdigest(), RefusalReason.GARBLED),
        (RUTTER_VECTOR.replace("fm", "fn"), RefusalReason.WRONG),
    ],
)
def test_rutter(header: str, expected: object) -> None:
    """Base64, although the prefix promises hexadecimal."""
    headers = {"x-rutter-signature": header} if header else {}
    assert verdict("rutter", headers, secrets=("client_secret",)) == expected


STANDARD_CASES = [
    (standard(SW_SIGNATURE), True),
    (standard(SW_SIGNATURE, "svix"), True),
    (standard(f"v1a,AAAA v1,AAAA {SW_SIGNATURE}"), True),
    ({}, RefusalReason.MISSING),
    (standard(SW_SIGNATURE, id=""), RefusalReason.MISSING),
    (standard(SW_SIGNATURE, timestamp=""), RefusalReason.MISSING),
    (standard(""), RefusalReason.MISSING),
    (standard("v1a,AAAA"), RefusalReason.GARBLED),
    (standard("nonsense"), RefusalReason.GARBLED),
    (standard("v1,!!!"), RefusalReason.GARBLED),
    (standard(SW_SIGNATURE, timestamp="1614265330.5"), RefusalReason.GARBLED),
    (standard(SW_SIGNATURE, id="msg.1"), RefusalReason.GARBLED),
    (standard(SW_SIGNATURE, id="msg_é"), RefusalReason.GARBLED),
    (standard(f"{SW_SIGNATURE} " * 200), RefusalReason.GARBLED),
    (standard(SW_SIGNATURE.replace("g0h", "g1h")), RefusalReason.WRONG),
    (standard(SW_SIGNATURE, id="msg_other"), RefusalReason.WRONG),
]


@pytest.mark.parametrize(("headers", "expected"), STANDARD_CASES)
def test_standard_webhooks(headers: dict[str, str], expected: object) -> None:
    """The first published vector, with another secret active beside its own."""
    secrets = ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", WHSEC)
    assert verdict("standardwebhooks", headers, SW_BODY, SW_WHEN, secrets=secrets) == expected


def test_standard_webhooks_second_vector() -> None:
    """From Svix's own tests."""
    headers = {
        "svix-id": "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "svix-timestamp": "1649367553",
        "svix-signature": "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    }
    body = b'{"email":"test@example.com","username":"test_user"}'
    when = datetime.fromtimestamp(1_649_367_553, UTC)
    secrets = ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",)
    assert verdict("standardwebhooks", headers, body, when, secrets=secrets) is True
    assert verdict("standardwebhooks", headers, body, when, secrets=("whsec_!",)) is RefusalReason.WRONG


@pytest.mark.parametrize("seconds", [301, -301])
def test_standard_webhooks_is_fresh_on_both_sides(seconds: int) -> None:
    """Five minutes either way."""
    when = SW_WHEN + timedelta(seconds=seconds)
    told = verdict("standardwebhooks", standard(SW_SIGNATURE), SW_BODY, when, secrets=(WHSEC,))
    assert told is RefusalReason.STALE


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer a-long-token", True),
        ("bearer  a-long-token ", True),
        ("", RefusalReason.MISSING),
        ("Basic a-long-token", RefusalReason.GARBLED),
        ("Bearer", RefusalReason.GARBLED),
        ("Bearer " + "x" * 10_000, RefusalReason.GARBLED),
        ("Bearer a-long-tokem", RefusalReason.WRONG),
        ("Bearer é\udcff", RefusalReason.WRONG),
    ],
)
def test_cloudevents_by_token(header: str, expected: object) -> None:
    """A bearer token in `Authorization`."""
    headers = {"authorization": header} if header else {}
    assert verdict("cloudevents", headers, secrets=("a-longer-token", "a-long-token")) == expected


def test_cloudevents_by_signature() -> None:
    """The time, a full stop and the body; a token counts for nothing then."""
    proof = hmac.new(b"shared-secret", b"1700000000." + BODY, hashlib.sha256).hexdigest()
    headers = {"x-ledgerhook-signature": f"t=1700000000,v1={proof}"}
    assert verdict("cloudevents", headers, **HMAC) is True
    assert verdict("cloudevents", headers, b'{"id":2}', **HMAC) is RefusalReason.WRONG
    assert verdict("cloudevents", headers, now=NOW, **HMAC) is RefusalReason.STALE
    assert verdict("cloudevents", {"authorization": "Bearer shared-secret"}, **HMAC) is RefusalReason.MISSING


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("auth", ["bearer", "hmac"])
def test_what_a_kind_signs_it_proves(kind: Kind, auth: str) -> None:
    """`sign` and `verify` are one scheme, and a changed byte breaks it."""
    secret = WHSEC
    handler = HANDLERS[kind]
    signed = handler.sign(BODY, secret, WHEN, headers={}, auth=auth)  # type: ignore[arg-type]  # both are literals
    headers = {name.lower(): value for name, value in signed.items()}
    assert "content-type" in headers
    assert verdict(kind, headers, secrets=(secret,), auth=auth) is True
    assert verdict(kind, headers, secrets=(WHSEC.replace("M", "N"),), auth=auth) is RefusalReason.WRONG
    if (kind, auth) != ("cloudevents", "bearer"):
        assert verdict(kind, headers, BODY + b" ", secrets=(secret,), auth=auth) is RefusalReason.WRONG
    typed = handler.sign(BODY, secret, WHEN, headers={"content-type": "a/b"}, auth=auth)  # type: ignore[arg-type]  # as above
    assert "Content-Type" not in typed


def test_signing_keeps_a_given_message_id() -> None:
    """Sending again under the same id is a retry."""
    handler = HANDLERS["standardwebhooks"]
    assert handler.sign(SW_BODY, WHSEC, SW_WHEN, headers={"Webhook-Id": SW_ID})["webhook-signature"] == SW_SIGNATURE
    made = handler.sign(SW_BODY, WHSEC, SW_WHEN, headers={})
    assert made["webhook-id"] == handler.sign(SW_BODY, WHSEC, SW_WHEN, headers={})["webhook-id"]


def test_a_batch_is_signed_as_one() -> None:
    """`send` posts a list in batched mode."""
    signed = HANDLERS["cloudevents"].sign(b" [ ]", "token", WHEN, headers={})
    assert signed["Content-Type"] == "application/cloudevents-batch+json"


def test_read_refuses_before_it_reads() -> None:
    """A forgery is never translated, whatever it says."""
    assert read(delivery(b"not even JSON"), source("stripe", secrets=("s",)), NOW) == Refused(RefusalReason.MISSING)
