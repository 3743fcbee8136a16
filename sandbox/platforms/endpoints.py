"""Whether a platform has an endpoint at all (Rutter: an endpoint that is not supported for a platform is a 404)."""

from typing import Literal

from sandbox.platforms.registry import rules_of
from sandbox.refusals import Refusal, invalid_input
from sandbox.switches import Switches

Verb = Literal["R", "C", "U", "D"]


def absent_endpoint(platform: str, plural: str, verb: Verb, switches: Switches) -> Refusal | None:
    """Rutter's 404 for what the platform has not; the switch decides about what nothing is published of."""
    answer = rules_of(platform).endpoint(plural, verb)
    if answer == "has" or (answer == "unknown" and switches.unknown_endpoints == "accept"):
        return None
    return invalid_input(f"{plural} is not supported for this platform: {platform}", status=404, reason="not_supported")
