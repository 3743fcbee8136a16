"""Over TLS the connection goes to the address that was looked at, and the certificate must be that of the name."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.files.addresses import AllowedHosts
from service.files.fetching import Fetched, Fetcher, Unreachable
from tests.files.serving import answered, file_server


def _certificate(folder: Path, name: str) -> Path:
    """A certificate for that name alone, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(pem)
    return file


@pytest.mark.parametrize(("name", "fetched"), [("files.example", True), ("other.example", False)])
async def test_the_certificate_is_that_of_the_name(tmp_path: Path, name: str, fetched: bool) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    file = _certificate(tmp_path, "files.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    trusting = ssl.create_default_context(cafile=str(file))
    async with file_server(serving) as files:
        files.answers["/r"] = answered(b"%PDF-1.7")
        fetcher = Fetcher(AllowedHosts.of(name), resolve=resolve, tls=trusting)

        got = await fetcher.fetch(f"https://{name}:{files.port}/r")

    assert isinstance(got, Fetched if fetched else Unreachable)
    assert files.asked == (["/r"] if fetched else [])
