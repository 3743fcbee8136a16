"""Where a fetch may go: http and https, to addresses of the public internet, or to hosts that a setting names. Pure.

The kinds of addresses are IANA's special-purpose registries (RFC 6890), and the forms of IPv6 that carry an IPv4
address (RFC 4291, 2.5.5; RFC 6052; RFC 3056; RFC 4380): these lead wherever the IPv4 address in them does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

PORTS: Final = {"http": 80, "https": 443}
LONGEST: Final = 2048
"""Characters of an address that is asked for."""
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))
_METADATA: Final = frozenset(
    ip_address(text) for text in ("169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254")
)
"""Where clouds tell a machine its own secrets; some of these are ordinary public addresses by their form."""
_CARRIES_IPV4: Final = tuple(
    ip_network(text) for text in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
_SPECIAL: Final = tuple(
    ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "100.64.0.0/10")
)


@dataclass(frozen=True, slots=True)
class Place:
    """One address taken apart. `host` as the name goes into the request, lower case, without brackets."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """As the Host header has it (RFC 9110, 7.2): the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class NoPlace:
    """An address that is not asked for, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts that may be asked although their addresses are private: `host` or `host:port`, lower case."""

    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str | None) -> "AllowedHosts":
        """Read `host[:port],host[:port]…`."""
        return cls(frozenset(name.strip().lower() for name in (text or "").split(",") if name.strip()))

    def __contains__(self, place: Place) -> bool:
        """Whether the place is named, with its port or with any."""
        host = f"[{place.host}]" if ":" in place.host else place.host
        return bool({place.host, host, f"{host}:{place.port}"} & self.names)


def place_of(url: str, after: str | None = None) -> Place | NoPlace:
    """Take an address apart; one of a redirect may be relative to the address `after` which it came."""
    if len(url) > LONGEST:
        return NoPlace(f"its address is longer than {LONGEST} characters")
    if not url.strip().isprintable():
        return NoPlace("its address has characters that an address cannot have")
    told = quote(url.strip(), safe=_ASCII)  # people write spaces and letters of their own
    try:
        whole = told if after is None else urljoin(after, told)
        parts = urlsplit(whole)
        port = parts.port
    except ValueError:
        return NoPlace("its address cannot be read")
    return _checked(whole, parts, port)


def _checked(whole: str, parts: SplitResult, port: int | None) -> Place | NoPlace:
    if parts.scheme not in PORTS:
        return NoPlace("its address is not one of http or https")
    if parts.username is not None or parts.password is not None:
        return NoPlace("its address has a user name or a password in it")
    host = (parts.hostname or "").rstrip(".")
    if not host or "%" in host or port == 0:
        return NoPlace("its address names no host")
    return Place(whole, parts.scheme, host, PORTS[parts.scheme] if port is None else port)


def barred(address: str) -> str | None:
    """Why this IP address is not asked, in two or three words; None for one of the public internet."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "no IP address"
    if ip in _METADATA:
        return "a cloud's metadata service"
    if ip.is_unspecified:
        return "no address at all"
    if ip.is_loopback:
        return "this machine itself"
    if ip.is_multicast:
        return "a multicast group"
    if ip.is_link_local:
        return "a link-local address"
    return _barred_ipv6(ip) if isinstance(ip, IPv6Address) else _barred_ipv4(ip)


def _barred_ipv4(ip: IPv4Address) -> str | None:
    private = ip.is_private or ip.is_reserved or not ip.is_global or any(ip in network for network in _SPECIAL)
    return "a private or reserved address" if private else None


def _barred_ipv6(ip: IPv6Address) -> str | None:
    if ip.scope_id is not None:
        return "an address of one network alone"
    if any(ip in network for network in _CARRIES_IPV4) or (int(ip) >> 32) & 0xFFFFFFFF in {0x00005EFE, 0x02005EFE}:
        return "an IPv4 address in the form of IPv6"
    return None if ip in _GLOBAL_IPV6 and ip.is_global else "a private or reserved address"


def open_to(place: Place, resolved: Iterable[str], allowed: AllowedHosts) -> tuple[str, ...] | NoPlace:
    """Those of a name's addresses that may be connected to, in the resolver's order."""
    found = tuple(dict.fromkeys(resolved))
    if place in allowed:
        return found
    reasons = {address: barred(address) for address in found}
    fine = tuple(address for address in found if reasons[address] is None)
    if fine or not found:
        return fine
    return NoPlace(f"{place.host} leads to {reasons[found[0]]}")


def shown(url: str) -> str:
    """An address for people and logs: without user, query and fragment, which may hold a token, and not too long."""
    try:
        parts = urlsplit(url)
        text = f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
    except ValueError:
        return "an address that cannot be read"
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable if len(printable) <= 200 else f"{printable[:200]}…"
