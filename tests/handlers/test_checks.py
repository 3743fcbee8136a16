"""A source that cannot work is refused when it is configured, in one line that says how to mend it."""

from typing import Any

import pytest

from handlers.registry import HANDLERS
from schemas.sources import KINDS, Kind
from tests.handlers.bodies import source

GOOD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_source(kind: Kind) -> None:
    """Nothing to say."""
    assert HANDLERS[kind].check(source(kind, secrets=(GOOD,))) is None
    assert HANDLERS[kind].name == kind


CASES: list[tuple[Kind, dict[str, Any], str]] = [
    ("stripe", {"secrets": ()}, "no secret"),
    ("shopify", {"secrets": (GOOD, "")}, "an empty secret"),
    ("rutter", {"secrets": ("abc\n",)}, "white space"),
    ("standardwebhooks", {"secrets": ("",)}, "an empty secret"),
    ("stripe", {"secrets": ("sk_live_1",)}, "an API key"),
    ("shopify", {"secrets": ("shpat_1",)}, "an access token"),
    ("standardwebhooks", {"secrets": ("whsec_not base64",)}, "not base64"),
    ("standardwebhooks", {"secrets": ("whsec_AAAA",)}, "3 bytes once decoded"),
    ("standardwebhooks", {"secrets": ("whsec_" + "A" * 200,)}, "150 bytes once decoded"),
    ("standardwebhooks", {"secrets": ("whsk_AAAA",)}, "Ed25519"),
    ("cloudevents", {"secrets": ("tøken",)}, "beyond ASCII"),
    ("stripe", {"tolerance_seconds": 0}, "tolerance_seconds is 0"),
    ("cloudevents", {"tolerance_seconds": 100_000}, "tolerance_seconds is 100000"),
    ("shopify", {"order_reference": "metadata.order_id"}, "order_reference"),
    ("shopify", {"commerce_connection": "c-1"}, "commerce_connection"),
    ("rutter", {"commerce_connection": ""}, "commerce_connection is empty"),
    ("stripe", {"exponents": (("ugx", 0),)}, "'ugx'"),
    ("stripe", {"exponents": (("UGX", 9),)}, "9 decimals"),
]


@pytest.mark.parametrize(("kind", "changes", "expected"), CASES)
def test_a_problem_is_one_line(kind: Kind, changes: dict[str, Any], expected: str) -> None:
    """It names the thing, and never the secret."""
    told = HANDLERS[kind].check(source(kind, **({"secrets": (GOOD,)} | changes)))
    assert told is not None
    assert expected in told
    assert "\n" not in told
    assert not any(secret in told for secret in changes.get("secrets", ()) if len(secret) > 4)


def test_a_signed_source_may_have_any_letters() -> None:
    """Only a bearer token travels in a header."""
    assert HANDLERS["cloudevents"].check(source("cloudevents", secrets=("schlüssel",), auth="hmac")) is None
