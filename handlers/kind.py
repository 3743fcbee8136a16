"""What every kind of source can do: prove its sender, say what a delivery tells, sign, check its set-up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from schemas.deliveries import Delivery, Refused, Translation, Verified
from schemas.sources import Kind, Source


class Handler(Protocol):
    """One kind of source. Pure: time comes in as an argument, and the same input gives the same answer."""

    @property
    def name(self) -> Kind:
        """The kind, as configured."""

    def verify(self, delivery: Delivery, source: Source, now: datetime) -> Verified | Refused:
        """Prove the sender over the raw bytes, with every active secret, in constant time. Never raises."""

    def translate(self, verified: Verified, source: Source) -> Translation:
        """What the delivery tells. Raises `UnreadableError` alone, which `handlers.registry` turns into a value."""

    def sign(
        self,
        body: bytes,
        secret: str,
        now: datetime,
        *,
        headers: Mapping[str, str],
        auth: Literal["bearer", "hmac"] = "bearer",
    ) -> dict[str, str]:
        """The headers that this sender would add to `body`; `headers` are the ones already there, in any case.

        `auth` matters to `cloudevents` alone: how its requests prove themselves.
        """

    def check(self, source: Source) -> str | None:
        """What is wrong with the source as configured and how to mend it, in one line; None when nothing is.

        The line does not name the source (the caller knows it) and never repeats a secret.
        """
