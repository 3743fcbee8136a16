"""Settings: read once from the environment, typed, each also as `…_FILE` naming a file that holds the value.

A wrong value stops the start with one line that says which setting, what is wrong and what would do; the value itself
is never repeated, since it may be a secret. `docs/settings.md` is generated from this file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from service.wrong_values import did_you_mean, in_words

PREFIX: Final = "LEDGERHOOK_"
_HOST: Final = re.compile(r"\s*(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?\s*", re.ASCII)


class Settings(BaseModel):
    """Everything that differs between one installation and another; merchants and sources are in the trail instead."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)

    database_url: str | None = Field(None, repr=False)  # may hold a password
    """PostgreSQL of the trail, `postgresql://user@host/name`. Absent: SQLite in the data directory."""
    data_dir: Path = Path("ledgerhook-data")
    """Where `up` keeps the embedded trail and its keys."""
    kafka_bootstrap_servers: str | None = None
    """Kafka brokers, `host:port,host:port`. Absent: embedded, no Kafka."""
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How brokers are spoken to."""
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """With SASL: how we prove ourselves."""
    kafka_sasl_username: str | None = None
    """With SASL: the user name."""
    kafka_sasl_password: SecretStr | None = None
    """With SASL: the password."""
    kafka_ssl_cafile: Path | None = None
    """With TLS: certificate authorities to trust, PEM. Absent: the system's."""
    kafka_ssl_certfile: Path | None = None
    """With mutual TLS: our certificate, PEM."""
    kafka_ssl_keyfile: Path | None = None
    """With mutual TLS: our private key, PEM."""
    kafka_idempotence: bool = True
    """Idempotent producer. Off only for a broker that cannot; it is printed at the start then."""
    kafka_group: str = Field("ledgerhook", min_length=1)
    """Consumer group of the inbox."""
    kafka_replication: int = Field(1, ge=1, le=9)
    """Replication factor when `migrate` creates topics; 3 in production."""
    kafka_partitions: int = Field(12, ge=1, le=1000)
    """Partitions of `ledgerhook.events` when `migrate` creates it."""
    rutter_base_url: str = "https://production.rutterapi.com/versioned"
    """Rutter's API, or a sandbox."""
    rutter_client_id: str | None = None
    """Rutter's client id."""
    rutter_client_secret: SecretStr | None = None
    """Rutter's client secret; it also signs Rutter's webhooks."""
    rutter_version: str = "2024-08-31"
    """`X-Rutter-Version` that is sent."""
    rutter_public_key: str | None = None
    """Rutter Link's public key, from Rutter's dashboard; with it the console's connect page opens Link."""
    rutter_link_url: str = "https://production.rutterapi.com"
    """Where Rutter Link's window comes from; its answers are heard from that origin alone."""
    sweep_minutes: int = Field(60, ge=0, le=1440)
    """How often the books are searched for changes that no webhook told; 0: never."""
    encryption_keys: SecretStr | None = None
    """Keys that seal tokens, secrets and archived bodies: `id:base64[,id:base64…]`, the first seals, all open. `up`
    makes one in the data directory when absent."""
    admin_token: SecretStr | None = None
    """Opens the console and the API. `up` makes one in the data directory when absent."""
    public_host: str = "127.0.0.1"
    """Address the webhook listener binds."""
    public_port: int = Field(8080, ge=0, le=65535)
    """Port of the webhook listener."""
    public_url: str | None = None
    """How senders reach the webhook listener; shown by `status`."""
    admin_host: str = "127.0.0.1"
    """Address the admin listener binds; loopback unless told otherwise."""
    admin_port: int = Field(8081, ge=0, le=65535)
    """Port of the admin listener."""
    max_body_bytes: int = Field(2 * 1024 * 1024, ge=1024, le=4 * 1024 * 1024)
    """A larger webhook is answered 413."""
    attachment_max_bytes: int = Field(20 * 1024 * 1024, ge=1024, le=100 * 1024 * 1024)
    """A larger file is not kept for an invoice."""
    attachment_hosts: str | None = None
    """Hosts that files may be fetched from although they are private, `host` or `host:port` with commas between: for
    rehearsals, or a file server of your own."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """`auto`: text on a terminal, JSON lines elsewhere."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least level that is logged."""

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        if url is not None and (_taken_apart(url) is None or len(urlsplit(url).path) < 2):
            raise ValueError("must read postgresql://user:password@host:port/name, special characters percent-encoded")
        return url

    @field_validator("rutter_base_url", "rutter_link_url", "public_url")
    @classmethod
    def _is_web_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = _taken_apart(url)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must begin with https:// (or http://) and name a host")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("must have no query, fragment or credentials in it")
        return url

    @field_validator("rutter_version")
    @classmethod
    def _is_a_version(cls, version: str) -> str:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", version) is None:
            raise ValueError("must be a date like 2024-08-31")
        return version

    @field_validator("kafka_bootstrap_servers")
    @classmethod
    def _are_servers(cls, servers: str | None) -> str | None:
        if servers is None:
            return None
        for server in servers.split(","):
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 65536:
                raise ValueError("must be host:port, several with commas between")
        return servers

    @field_validator("attachment_hosts")
    @classmethod
    def _are_hosts(cls, hosts: str | None) -> str | None:
        for host in (hosts or "").split(","):
            if hosts is not None and _HOST.fullmatch(host) is None:
                raise ValueError("must be host or host:port, several with commas between")
        return hosts

    @field_validator("kafka_ssl_cafile", "kafka_ssl_certfile", "kafka_ssl_keyfile")
    @classmethod
    def _is_there(cls, file: Path | None) -> Path | None:
        if file is not None and not file.is_file():
            raise ValueError("names no file that is there")
        return file

    @field_validator("admin_token")
    @classmethod
    def _is_long(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and len(token.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters")
        return token

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        sasl = self.kafka_security_protocol.startswith("SASL")
        if sasl and (not self.kafka_sasl_username or self.kafka_sasl_password is None):
            raise PydanticCustomError(
                "together", "{name}: {says}",
                {"name": f"{PREFIX}KAFKA_SASL_USERNAME",
                 "says": f"must be set, and {PREFIX}KAFKA_SASL_PASSWORD, when the protocol is a SASL one"},
            )  # fmt: skip
        if (self.kafka_ssl_certfile is None) != (self.kafka_ssl_keyfile is None):
            raise PydanticCustomError(
                "together", "{name}: {says}",
                {"name": f"{PREFIX}KAFKA_SSL_CERTFILE", "says": f"goes together with {PREFIX}KAFKA_SSL_KEYFILE"},
            )  # fmt: skip
        return self


def _taken_apart(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        port = parts.port  # reading it is what finds it wrong
    except ValueError:
        return None
    return None if port == 0 else parts


@dataclass(frozen=True, slots=True)
class WrongSettings:
    """Why the start stops: one line a setting."""

    lines: tuple[str, ...]


def read_settings(
    environment: Mapping[str, str], read_file: Callable[[str], str] = lambda path: Path(path).read_text("utf-8")
) -> Settings | WrongSettings:
    """The settings as the environment gives them, or what is wrong with it."""
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    given: dict[str, Any] = {}
    wrong: list[str] = []
    for variable, value in sorted(environment.items()):
        if not variable.startswith(PREFIX):
            continue
        plain = variable.removesuffix("_FILE")
        if variable in known:
            given[known[variable]] = value
        elif plain in known:
            if plain in environment:
                wrong.append(f"{variable}: {plain} is set as well; keep one of the two")
                continue
            try:
                given[known[plain]] = read_file(value).rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                wrong.append(f"{variable}: the file it names cannot be read ({type(error).__name__})")
        elif not variable.startswith(PREFIX + "TEST_") and not variable.startswith(PREFIX + "SECRET_"):
            meant = did_you_mean(plain, known)
            wrong.append(f"{variable}: no such setting{meant or '; see docs/settings.md for their names'}")
    settings = _validated(given, wrong)
    return WrongSettings(tuple(wrong)) if wrong or settings is None else settings


def _validated(given: dict[str, Any], wrong: list[str]) -> Settings | None:
    try:
        return Settings.model_validate({name: value for name, value in given.items() if value != ""})
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            at = f"{PREFIX}{str(problem['loc'][0]).upper()}: " if problem["loc"] else ""
            wrong.append(at + in_words(problem))
        return None
