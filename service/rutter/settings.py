"""How Rutter is reached."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

PRODUCTION: Final = "https://production.rutterapi.com/versioned"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RutterSettings:
    """Base URL (with `/versioned`), the organisation's credentials, the pinned version, and our own bounds.

    `proof_margin`: how far Rutter's clock and ours may lie apart when a sync is to have begun after a write was sent.
    `assume_synced`: what to believe about the sync configuration where Rutter does not tell it.
    `day`: how long a platform's day is; shorter only to rehearse one.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    version: str = "2024-08-31"
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    max_connections: int = 200
    page_limit: int = 100
    max_look_pages: int = 40
    max_list_pages: int = 2000
    proof_margin: timedelta = timedelta(seconds=2)
    assume_synced: bool = False
    day: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        """A wrong address stops the start, not the first document."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the base URL of Rutter must begin with https:// (or http://) and name a host")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("the base URL of Rutter takes no query, fragment or credentials")

    @property
    def loopback(self) -> bool:
        """Whether it is a stand-in on this machine, which no proxy of the environment is asked for."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be scrubbed from every foreign text."""
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return (self.client_secret, basic)
