"""How brokers are reached, for every client we make."""

import ssl
from dataclasses import dataclass, field
from typing import Any, Final, Literal

CLIENT: Final = "ledgerhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings:
    """Bootstrap servers (`host:port,host:port`) and security. `idempotence` off only for a broker that cannot."""

    bootstrap: str
    idempotence: bool = True
    group: str = "ledgerhook"
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    cafile: str | None = None
    certfile: str | None = None
    keyfile: str | None = None

    def client_arguments(self) -> dict[str, Any]:
        """What aiokafka's producer, consumer and admin client all take."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap,
            "client_id": CLIENT,
            "security_protocol": self.security_protocol,
        }
        if self.security_protocol in ("SSL", "SASL_SSL"):
            arguments["ssl_context"] = self._tls()
        if self.security_protocol.startswith("SASL"):
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.sasl_username
            arguments["sasl_plain_password"] = self.sasl_password
        return arguments

    def notes(self) -> tuple[str, ...]:
        """What the start has to print."""
        if self.idempotence:
            return ()
        return ("Kafka: the idempotent producer is off; a retried send may put a record twice, and the trail drops it",)

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.cafile)
        if self.certfile is not None:
            context.load_cert_chain(self.certfile, self.keyfile)
        return context
