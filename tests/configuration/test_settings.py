"""Settings: one line for each wrong one, which names the variable, says what would do, and never repeats the value."""

from pathlib import Path

import pytest

from service.settings import Settings, WrongSettings, read_settings

HIDDEN = "hidden1"
WEB = "must begin with https:// (or http://) and name a host"
POSTGRESQL = "must read postgresql://user:password@host:port/name, special characters percent-encoded"

WRONG: list[tuple[str, str, str]] = [
    ("DATABASE_URL", f"mysql://u:{HIDDEN}@h/x", "must begin with postgresql://"),
    ("DATABASE_URL", f"postgresql://u:{HIDDEN}@h:port/x", POSTGRESQL),
    ("DATABASE_URL", f"postgresql://u:{HIDDEN}@h", POSTGRESQL),
    ("KAFKA_BOOTSTRAP_SERVERS", HIDDEN, "must be host:port, several with commas between"),
    ("KAFKA_BOOTSTRAP_SERVERS", f"{HIDDEN}:9092,", "must be host:port, several with commas between"),
    ("KAFKA_BOOTSTRAP_SERVERS", f"{HIDDEN}:99999", "must be host:port, several with commas between"),
    ("KAFKA_SECURITY_PROTOCOL", HIDDEN, "must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"),
    ("KAFKA_SASL_MECHANISM", HIDDEN, "must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"),
    ("KAFKA_SSL_CAFILE", f"/{HIDDEN}", "names no file that is there"),
    ("KAFKA_IDEMPOTENCE", HIDDEN, "must be true or false"),
    ("KAFKA_REPLICATION", "0", "must be at least 1"),
    ("KAFKA_PARTITIONS", "1001", "must be at most 1000"),
    ("KAFKA_PARTITIONS", HIDDEN, "must be a whole number"),
    ("RUTTER_BASE_URL", f"ftp://{HIDDEN}", WEB),
    ("RUTTER_BASE_URL", "https://", WEB),
    ("RUTTER_BASE_URL", f"https://u:{HIDDEN}@h/versioned", "must have no query, fragment or credentials in it"),
    ("RUTTER_VERSION", HIDDEN, "must be a date like 2024-08-31"),
    ("ADMIN_TOKEN", HIDDEN, "must have at least 16 characters"),
    ("PUBLIC_PORT", "65536", "must be at most 65535"),
    ("PUBLIC_URL", f"{HIDDEN}.example.com", WEB),
    ("ADMIN_PORT", HIDDEN, "must be a whole number"),
    ("MAX_BODY_BYTES", "1", "must be at least 1024"),
    ("LOG_FORMAT", HIDDEN, "must be one of auto, json, text"),
    ("LOG_LEVEL", HIDDEN, "must be one of debug, info, warning, error"),
    ("PUBLIC_PROT", HIDDEN, "no such setting; did you mean LEDGERHOOK_PUBLIC_PORT?"),
    ("TELEMETRY_UPLOAD", HIDDEN, "no such setting; see docs/settings.md for their names"),
    ("ADMIN_TOKEN_FILE", "/no/such", "the file it names cannot be read (FileNotFoundError)"),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_a_wrong_setting_is_one_line(name: str, value: str, says: str) -> None:
    read = read_settings({f"LEDGERHOOK_{name}": value})

    assert read == WrongSettings((f"LEDGERHOOK_{name}: {says}",))


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_the_value_is_never_repeated(name: str, value: str, says: str) -> None:
    assert HIDDEN not in repr(read_settings({f"LEDGERHOOK_{name}": value}))


def test_settings_that_go_together() -> None:
    sasl = read_settings({"LEDGERHOOK_KAFKA_SECURITY_PROTOCOL": "SASL_SSL"})
    certificate = read_settings({"LEDGERHOOK_KAFKA_SSL_CERTFILE": __file__})

    assert isinstance(sasl, WrongSettings)
    assert [line.partition(":")[0] for line in sasl.lines] == ["LEDGERHOOK_KAFKA_SASL_USERNAME"]
    assert "LEDGERHOOK_KAFKA_SASL_PASSWORD" in sasl.lines[0]
    assert isinstance(certificate, WrongSettings)
    assert certificate.lines == ("LEDGERHOOK_KAFKA_SSL_CERTFILE: goes together with LEDGERHOOK_KAFKA_SSL_KEYFILE",)


def test_every_wrong_one_is_told_at_once() -> None:
    read = read_settings({"LEDGERHOOK_PUBLIC_PORT": "x", "LEDGERHOOK_ADMIN_PORT": "y", "LEDGERHOOK_NO": "z"})

    assert isinstance(read, WrongSettings)
    assert len(read.lines) == 3


def test_a_file_gives_the_value_without_its_last_line_end(tmp_path: Path) -> None:
    kept = tmp_path / "token"
    kept.write_text("a-token-of-seventeen\n")

    read = read_settings({"LEDGERHOOK_ADMIN_TOKEN_FILE": str(kept)})

    assert isinstance(read, Settings)
    assert read.admin_token is not None
    assert read.admin_token.get_secret_value() == "a-token-of-seventeen"


def test_a_value_and_its_file_at_once_are_refused(tmp_path: Path) -> None:
    both = {"LEDGERHOOK_ADMIN_TOKEN": "a-token-of-seventeen", "LEDGERHOOK_ADMIN_TOKEN_FILE": str(tmp_path / "token")}

    assert read_settings(both) == WrongSettings(
        ("LEDGERHOOK_ADMIN_TOKEN_FILE: LEDGERHOOK_ADMIN_TOKEN is set as well; keep one of the two",)
    )


def test_empty_counts_as_not_set_and_other_programs_variables_are_theirs() -> None:
    read = read_settings(
        {
            "LEDGERHOOK_PUBLIC_URL": "",
            "LEDGERHOOK_TEST_DATABASE_URL": "whatever",
            "LEDGERHOOK_SECRET_ACME": "whatever",
            "PATH": "/bin",
        }
    )

    assert read == Settings()


def test_secrets_do_not_show() -> None:
    secret = ("RUTTER_CLIENT_SECRET", "ENCRYPTION_KEYS", "KAFKA_SASL_PASSWORD")
    given = {f"LEDGERHOOK_{name}": HIDDEN for name in secret}
    given |= {"LEDGERHOOK_DATABASE_URL": f"postgresql://u:{HIDDEN}@h/x", "LEDGERHOOK_ADMIN_TOKEN": HIDDEN * 4}

    read = read_settings(given)

    assert isinstance(read, Settings)
    assert HIDDEN not in repr(read)
