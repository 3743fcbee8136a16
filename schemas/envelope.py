"""CloudEvents' attributes, as every canonical event has them, and natural keys.

https://cloudevents.io (Attributes, 1.0.2).
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, StringConstraints

from schemas.facts import Frozen, Id


def natural_key(noun: str, identifier: str) -> str:
    """`order:1001`; a colon (so a percent sign, too) inside the id is percent-encoded, so keys never collide."""
    return f"{noun}:{identifier.replace('%', '%25').replace(':', '%3A')}"


class Envelope(Frozen):
    """CloudEvents' attributes. Extension attributes are allowed and kept out of the way."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, StringConstraints(min_length=1, max_length=900)]
    source: Id
    connection: Id
    subject: Id | None = None
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"

    @property
    def namespace(self) -> str:
        """References (`order_id`, `payment_id`) stay inside it."""
        return self.source
