"""What a sandbox is started with."""

from dataclasses import dataclass

VERSION = "2024-08-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Credentials it accepts, Link's public key, the seed of its ids, and the pauses of webhooks.

    The pauses are those between a webhook's six tries, in seconds; the default ones double and last about fifteen
    minutes in all (Rutter: Webhooks).
    """

    client_id: str = "sandbox-client-id"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - a rehearsal's secret, printed on purpose
    public_key: str = "sandbox_pk_00000000-0000-4000-8000-000000000001"
    seed: int = 1
    webhook_pauses: tuple[float, ...] = (29.0, 58.0, 116.0, 232.0, 464.0)
    webhook_timeout: float = 10.0
