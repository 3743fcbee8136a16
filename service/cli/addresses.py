"""Where the webhook listener is reached, as settings and options say."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from service.settings import Settings

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - looked for, not bound
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def public_base(settings: "Settings") -> str:
    """The listener's address: the public one where one is set, else where it binds on this machine."""
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    host = settings.public_host
    shown = _EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{settings.public_port}"


def webhook(base: str, source: str) -> str:
    """A source's address below the listener's; an address that has a path already is taken whole."""
    return base if urlsplit(base).path.strip("/") else f"{base.rstrip('/')}/webhooks/{source}"


def is_loopback(url: str) -> bool:
    """Whether it is on this machine, where no proxy of the environment is asked for."""
    return urlsplit(url).hostname in LOOPBACK
