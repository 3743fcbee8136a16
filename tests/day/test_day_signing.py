"""The day's own signatures, against values worked out apart from it."""

from datetime import UTC, datetime

from sandbox.day.needs import SourceNeed
from sandbox.day.signing import headers, shopify, stripe
from sandbox.day.tellings import Telling

NOW = datetime.fromtimestamp(1_700_000_000, tz=UTC)
STRIPE = SourceNeed("acme-stripe", "stripe", "acme", "whsec_test_secret")
HELLO = Telling(at=NOW, source="acme-stripe", kind="stripe", body=b'{"id":1}', headers={"X-One": "1"})


def test_stripe() -> None:
    proof = "c8810ddf0d0867928eb98da07f9baa91f6a359ac782696745bbce454bfb45e6f"
    assert stripe(b'{"id":1}', "whsec_test_secret", 1_700_000_000) == f"t=1700000000,v1={proof}"
    assert headers(HELLO, STRIPE, NOW) == {"X-One": "1", "Stripe-Signature": f"t=1700000000,v1={proof}"}


def test_shopify() -> None:
    assert shopify(b'{"id":1}', "shpss_test_secret") == "K2XDCjoIIQnsCAW9wJNjHt4VwaiFCMoHAkXVA+JPSq0="


def test_cloudevents_bear_a_token() -> None:
    source = SourceNeed("borea-erp", "cloudevents", "borea", "bearer-x")
    telling = Telling(at=NOW, source="borea-erp", kind="cloudevents", body=b"{}")
    assert headers(telling, source, NOW) == {"Authorization": "Bearer bearer-x"}


def test_a_forged_one_is_signed_with_another_secret() -> None:
    forged = Telling(at=NOW, source="acme-stripe", kind="stripe", body=b'{"id":1}', forged=True)
    assert headers(forged, STRIPE, NOW)["Stripe-Signature"] != headers(HELLO, STRIPE, NOW)["Stripe-Signature"]
