"""Where a fetch may go, and where not."""

from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.files.addresses import AllowedHosts, NoPlace, Place, barred, open_to, place_of, shown

WITHIN = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "169.254.0.1", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2001:0:7f00:1::1", "2001:4860:4860::5efe:7f00:1", "100::1", "4000::1", "", "localhost",
)  # fmt: skip


@pytest.mark.parametrize("address", WITHIN)
def test_addresses_that_are_not_asked(address: str) -> None:
    assert barred(address) is not None


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "93.184.216.34", "2606:4700::1111"]
)
def test_addresses_of_the_public_internet(address: str) -> None:
    assert barred(address) is None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_gains_nothing_in_the_form_of_ipv6(address: object) -> None:
    number = int(ip_address(str(address)))
    for prefix in ("::ffff:0:0", "64:ff9b::", "::"):
        assert barred(str(IPv6Address(int(ip_address(prefix)) + number))) is not None
    assert barred(str(IPv6Address((0x2002 << 112) + (number << 80)))) is not None


@pytest.mark.parametrize(
    "url",
    ["", "receipt.pdf", "//files.example.com/r.pdf", "ftp://files.example.com/r", "file:///etc/passwd", "data:,x",
     "javascript:alert(1)", "gopher://x/", "http://", "http:///r", "https://user@files.example.com/r",
     "https://user:word@files.example.com/r", "http://files.example.com:0/r", "http://files.example.com:99999/r",
     "http://[::1/r", "http://[fe80::1%25eth0]/r", "http://a\nb/", "http://a/\x00", "http://bücher.example/r",
     "http://a/" + "x" * 2048, "\ud800"],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    assert isinstance(place_of(url), NoPlace)


def test_an_address_is_taken_apart() -> None:
    assert place_of("HTTPS://Files.Example.com./a b/ü.pdf?x=1#y") == Place(
        "HTTPS://Files.Example.com./a%20b/%C3%BC.pdf?x=1#y", "https", "files.example.com", 443
    )
    place = place_of("/b", after="http://[2606:4700::1111]:8080/a")
    assert isinstance(place, Place)
    assert (place.url, place.name) == ("http://[2606:4700::1111]:8080/b", "[2606:4700::1111]:8080")


def test_only_addresses_that_are_fine_are_connected_to() -> None:
    place = Place("http://mixed.example/", "http", "mixed.example", 80)

    assert open_to(place, ["10.0.0.1", "8.8.8.8", "::1"], AllowedHosts()) == ("8.8.8.8",)
    assert open_to(place, ["10.0.0.1"], AllowedHosts()) == NoPlace(
        "mixed.example leads to a private or reserved address"
    )
    assert open_to(place, ["10.0.0.1"], AllowedHosts.of(" Mixed.example:80 ,other")) == ("10.0.0.1",)
    assert isinstance(open_to(place, ["10.0.0.1"], AllowedHosts.of("mixed.example:81")), NoPlace)
    assert open_to(place, ["10.0.0.1"], AllowedHosts.of("mixed.example")) == ("10.0.0.1",)


def test_what_is_shown_holds_no_token() -> None:
    assert shown("https://user:word@a.example:8443/r.pdf?token=secret#secret") == "https://a.example:8443/r.pdf"
    assert shown("http://[oops") == "an address that cannot be read"
