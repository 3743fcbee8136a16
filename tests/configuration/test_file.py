"""The configuration file: what it says, and one line for each mistake that never repeats a secret."""

from pathlib import Path

import pytest

from schemas.connections import ConnectionState
from schemas.mapping import Clearing, Items, Mapping, Named, Numbers, Policies, When
from schemas.sources import Source
from service.configuration.file import Declarations, Secrets, WrongFile, read_file

GOOD = """
[connections.acme]
rutter_connection_id = "r-1"
access_token = { env = "TOKEN" }
platform = "QUICKBOOKS"
time_zone = "America/New_York"
home_currency = "USD"
[connections.acme.items]
fallback = "Sales"
[[connections.acme.clearing]]
account = "Undeposited Funds"
[sources.shop]
kind = "stripe"
connection = "acme"
secrets = [{ env = "SECRET" }]
"""
HIDDEN = "very-hidden"
ENVIRONMENT = {
    "TOKEN": f"tok-{HIDDEN}",
    "SECRET": f"whsec_{HIDDEN}",
    "EMPTY": "",
    "API_KEY": f"sk_live_{HIDDEN}",
    "SPACED": f" whsec_{HIDDEN}",
}
NAMED = 'give its name in the books, or { code = "…" } or { id = "…" }'
SECRET = 'a secret is never written here: give { env = "NAME" } or { file = "path" }'
ALIAS = "must be 1 to 63 lower-case letters, digits, dots, dashes or underscores"

RESERVED = "the namespace ledgerhook is kept for what a person asks for here; choose another"
NOT_TOML = "not TOML: Expected ']' at the end of a table declaration (at line 2, column 18)"

C, S = "connections.acme", "sources.shop"
TOKEN_LINE = 'access_token = { env = "TOKEN" }'
HOME = 'home_currency = "USD"'
FALLBACK = 'fallback = "Sales"'
SECRETS_LINE = 'secrets = [{ env = "SECRET" }]'

MISTAKES: list[tuple[str, str, str]] = [
    ('"QUICKBOOKS"', '"QUICKBOKS"', f"{C}.platform: no platform of Rutter's; did you mean QUICKBOOKS?"),
    ('"America/New_York"', '"New York"', f'{C}.time_zone: no time zone; use a name like "America/New_York"'),
    ('time_zone = "America/New_York"', "", f"{C}.time_zone: missing"),
    ('"USD"', '"usd"', f"{C}.home_currency: no ISO 4217 currency; write its code in capitals, like USD"),
    (TOKEN_LINE, f'access_token = "tok-{HIDDEN}"', f"{C}.access_token: {SECRET}"),
    (TOKEN_LINE, f'access_token = {{ value = "tok-{HIDDEN}" }}', f"{C}.access_token: {SECRET}"),
    (TOKEN_LINE, 'access_token = { env = "TOKEN", file = "x" }', f"{C}.access_token: {SECRET}"),
    (TOKEN_LINE, 'access_token = { env = "NO" }', f"{C}.access_token: the environment variable NO is not set"),
    (TOKEN_LINE, 'access_token = { file = "/no" }', f"{C}.access_token: /no cannot be read (FileNotFoundError)"),
    (FALLBACK, 'fallback = { name = "Sales", code = "4000" }', f"{C}.items.fallback: {NAMED}"),
    (FALLBACK, 'fallback = ""', f"{C}.items.fallback: {NAMED}"),
    (FALLBACK, "fallback = 4000", f"{C}.items.fallback: {NAMED}"),
    (FALLBACK, 'fallbak = "Sales"', f"{C}.items.fallbak: no such name here; did you mean fallback?"),
    (FALLBACK, "match_sku = 7", f"{C}.items.match_sku: must be true or false"),
    (HOME, 'refund_policy = "credit_note"', f"{C}.refund_policy: must be one of credit_memo, customer_refund"),
    (HOME, 'tax = "lines"', f"{C}.tax: must be one of rates, header, line"),
    (HOME, 'number_prefix = "MUCH-TOO-LONG"', f"{C}.number_prefix: must have at most 8 characters"),
    (HOME, "due_days = -1", f"{C}.due_days: must be at least 0"),
    (HOME, 'closed_through = "January"', f"{C}.closed_through: must be a day, like 2026-01-31"),
    (HOME, 'chargeback = "win"', f"{C}.chargeback: must be one of loss, reopen"),
    (TOKEN_LINE, "", f"{C}: access_token missing; a connection that is linked already needs none of them"),
    (
        'account = "Undeposited Funds"',
        'account = "Cash"\ntag = { a = "1", b = "2" }',
        f'{C}.clearing[0].tag: name one tag and its value: {{ channel = "wholesale" }}',
    ),
    (
        'account = "Undeposited Funds"',
        'account = "Cash"\ncurrency = "EURO"',
        f"{C}.clearing[0].currency: no ISO 4217 currency; write its code in capitals, like USD",
    ),
    (
        "[sources.shop]",
        '[[connections.acme.tax_rates]]\nuse = "VAT"\nrate = "8 %"\n[sources.shop]',
        f"{C}.tax_rates[0].rate: must be the rate as the source tells it, like 0.0825",
    ),
    (
        "[sources.shop]",
        "[sources.ledgerhook]",
        f"sources: {RESERVED}",
    ),
    (HOME, "in_flight = 0", f"{C}.in_flight: must be at least 1"),
    (HOME, "in_flight = 201", f"{C}.in_flight: must be at most 200"),
    (HOME, 'hold_hours = "many"', f"{C}.hold_hours: must be a whole number"),
    (HOME, 'colour = "red"', f"{C}.colour: no such name here"),
    ('account = "Undeposited Funds"', "account = []", f"{C}.clearing[0].account: {NAMED}"),
    (
        'kind = "stripe"',
        'kind = "strip"',
        f"{S}.kind: must be one of cloudevents, standardwebhooks, stripe, shopify, rutter",
    ),
    (
        'kind = "stripe"',
        'kind = "rutter"',
        f"{S}: a source of kind rutter needs commerce_connection, Rutter's id of the shop's connection",
    ),
    (
        'kind = "stripe"',
        'kind = "stripe"\ncommerce_connection = "c-1"',
        f"{S}: commerce_connection is for sources of kind rutter; leave it out",
    ),
    ('kind = "stripe"', "", f"{S}.kind: missing"),
    ('connection = "acme"', 'connection = "ACME Inc"', f"{S}.connection: {ALIAS}"),
    ("[sources.shop]", "[sources.Shop]", f"sources.Shop: {ALIAS}"),
    ("[sources.shop]", "[source.shop]", "source: no such name here; did you mean sources?"),
    (SECRETS_LINE, f'secrets = ["whsec_{HIDDEN}"]', f"{S}.secrets[0]: {SECRET}"),
    (SECRETS_LINE, "secrets = []", f"{S}: no secret; set it to the endpoint's signing secret (whsec_ …)"),
    ('"SECRET"', '"EMPTY"', f"{S}.secrets[0]: the environment variable EMPTY is not set"),
    ('"SECRET"', '"API_KEY"', f"{S}: an API key; webhooks are signed with the endpoint's secret (whsec_ …)"),
    (SECRETS_LINE, SECRETS_LINE + '\ntells = ["refund"]', f"{S}.tells[0]: must be one of orders, payments, refunds"),
    (SECRETS_LINE, SECRETS_LINE + "\nexponents = { JPY = 9 }", f"{S}.exponents.JPY: must be at most 4"),
    (SECRETS_LINE, SECRETS_LINE + "\ntolerance_seconds = 0", f"{S}.tolerance_seconds: must be at least 1"),
    (SECRETS_LINE, SECRETS_LINE + '\nauth = "basic"', f"{S}.auth: must be one of bearer, hmac"),
    ("[connections.acme]", "[connections.acme", NOT_TOML),
    (HOME, f"x = {'[' * 100_000}", "not TOML that anybody wrote: nested too deep"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "mistake", "line"), MISTAKES, ids=[line[:60] for _, _, line in MISTAKES])
def test_a_mistake_is_one_line_that_says_where_and_what_would_do(right: str, mistake: str, line: str) -> None:
    assert GOOD.count(right) == 1

    read = read_file(GOOD.replace(right, mistake), Secrets(ENVIRONMENT))

    assert isinstance(read, WrongFile)
    assert read.lines == (line,)


def test_every_mistake_is_told_at_once() -> None:
    text = GOOD.replace('"QUICKBOOKS"', '"LEDGER"').replace('"TOKEN"', '"NO"').replace(FALLBACK, 'shiping = "Post"')

    read = read_file(text, Secrets(ENVIRONMENT))

    assert isinstance(read, WrongFile)
    assert {line.partition(":")[0] for line in read.lines} == {f"{C}.platform", f"{C}.items.shiping"}


def test_the_name_of_rutters_own_source_is_kept_for_it() -> None:
    read = read_file(GOOD.replace("[sources.shop]", "[sources.rutter]"), Secrets(ENVIRONMENT))

    assert isinstance(read, WrongFile)
    assert "LEDGERHOOK_RUTTER_CLIENT_SECRET" in read.lines[0]


def test_a_shop_that_rutter_reads() -> None:
    read = read_file(
        GOOD.replace('kind = "stripe"', 'kind = "rutter"\ncommerce_connection = "c-1"'), Secrets(ENVIRONMENT)
    )

    assert isinstance(read, Declarations)
    (source,) = read.sources
    assert (source.kind, source.connection, source.commerce_connection) == ("rutter", "acme", "c-1")


def test_no_line_and_no_declaration_shows_a_secret() -> None:
    for right, mistake, _ in MISTAKES:
        assert HIDDEN not in repr(read_file(GOOD.replace(right, mistake), Secrets(ENVIRONMENT)))
    spaced = read_file(GOOD.replace('"SECRET"', '"SPACED"'), Secrets(ENVIRONMENT))
    assert isinstance(spaced, WrongFile)
    assert HIDDEN not in repr(spaced)
    assert HIDDEN not in repr(read_file(GOOD, Secrets(ENVIRONMENT)))


def test_what_the_file_says_is_what_is_declared(tmp_path: Path) -> None:
    kept = tmp_path / "token"
    kept.write_text("tok-from-a-file\n")
    text = f"""
[connections.acme]
rutter_connection_id = "r-1"
access_token = {{ file = "{kept}" }}
platform = "XERO"
time_zone = "Asia/Tokyo"
refund_policy = "customer_refund"
tax = "line"
number_prefix = "LH-"
receivable = {{ code = "1200" }}
cash_customer = "Web sales"
calls_per_minute = 60
state = "waiting"
[connections.acme.items]
fallback = {{ id = "item-7" }}
gift_card = "Gift cards"
require_mapping = true
[connections.acme.items.by_sku]
"SHIRT-M" = "T-shirts"
[[connections.acme.clearing]]
gateway = "stripe"
currency = "JPY"
account = {{ code = "1110" }}
[[connections.acme.clearing]]
account = "Undeposited Funds"

[sources.till]
kind = "cloudevents"
connection = "acme"
namespace = "store"
tells = ["payments"]
secrets = [{{ env = "TOKEN" }}, {{ env = "SECRET" }}]
auth = "hmac"
exponents = {{ KWD = 2, JPY = 2 }}
"""

    read = read_file(text, Secrets(ENVIRONMENT))

    assert isinstance(read, Declarations)
    (connection,), (source,) = read.connections, read.sources
    assert connection.access_token == "tok-from-a-file"
    assert (connection.platform, connection.time_zone, connection.calls_per_minute) == ("XERO", "Asia/Tokyo", 60)
    assert connection.state is ConnectionState.WAITING
    assert connection.mapping == Mapping(
        items=Items(
            fallback=Named(id="item-7"),
            by_sku=(("SHIRT-M", Named(name="T-shirts")),),
            require_mapping=True,
            gift_card=Named(name="Gift cards"),
        ),
        clearing=(
            Clearing(account=Named(code="1110"), when=When(gateway="stripe", currency="JPY")),
            Clearing(account=Named(name="Undeposited Funds")),
        ),
        receivable=Named(code="1200"),
        cash_customer=Named(name="Web sales"),
        tax="line",
        numbers=Numbers(prefix="LH-"),
        policies=Policies(refund="customer_refund"),
    )
    assert source == Source(
        name="till",
        kind="cloudevents",
        connection="acme",
        namespace="store",
        tells=frozenset({"payments"}),
        secrets=(f"tok-{HIDDEN}", f"whsec_{HIDDEN}"),
        exponents=(("JPY", 2), ("KWD", 2)),
        auth="hmac",
    )


def test_a_namespace_is_the_sources_own_name_unless_said() -> None:
    read = read_file(GOOD, Secrets(ENVIRONMENT))

    assert isinstance(read, Declarations)
    assert read.sources[0].namespace == "shop"
    assert read.sources[0].tells == {"orders", "payments", "refunds"}


def test_an_empty_file_declares_nothing() -> None:
    assert read_file("", Secrets({})) == Declarations((), ())
