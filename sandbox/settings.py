"""What a sandbox is started with."""

from dataclasses import dataclass

VERSION = "2024-08-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Credentials it accepts, the seed of its ids, and the pauses between a webhook's six tries, in seconds.

    The default pauses double and last about fifteen minutes in all (Rutter: Webhooks).
    """

    client_id: str = "sandbox-client-id"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - a rehearsal's secret, printed on purpose
    seed: int = 1
    webhook_pauses: tuple[float, ...] = (29.0, 58.0, 116.0, 232.0, 464.0)
    webhook_timeout: float = 10.0
