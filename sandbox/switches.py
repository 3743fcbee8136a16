"""What Rutter's published pages leave open, as switches: each names the behaviours a client has to live with."""

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Literal, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The settings of `POST /_sandbox/switches`. Times are seconds. docs/sandbox.md explains each."""

    latency: float = 0.0
    prefer_sync_seconds: float = 30.0
    async_status: Literal["200", "202"] = "200"
    idempotency_scope: Literal["organisation", "connection", "endpoint"] = "organisation"
    in_flight_duplicate: Literal["wait", "conflict", "async", "twice"] = "wait"
    job_webhooks: Literal["async", "all", "none"] = "async"
    object_webhooks: bool = False
    missing_object_status: Literal["410", "404"] = "410"
    version_header: Literal["required", "optional"] = "required"
    connection_error_status: Literal["400", "401", "403", "409"] = "400"
    writes_need_ready: bool = False
    platform_rate_limit_accepted: bool = False
    limit_maximum: int = 500
    public_token_once: bool = False
    stale_reads: Literal["fresh", "outside", "all"] = "fresh"
    sync_seconds: float = 0.0
    initial_sync_seconds: float = 0.0
    excess_payment: Literal["unapplied", "refuse"] = "unapplied"
    duplicate_document_number: Literal["refuse_quickbooks", "refuse", "accept"] = "refuse_quickbooks"
    line_arithmetic: Literal["accept", "refuse", "recompute", "refuse_xero_zoho"] = "accept"
    excess_decimals: Literal["refuse", "round"] = "refuse"
    foreign_fields: Literal["ignore", "refuse", "keep"] = "ignore"
    attachment_body: Literal["multipart", "either"] = "multipart"
    attachment_idempotency: Literal["ignored", "honoured"] = "ignored"
    attachment_bytes: int = 10_485_760
    attachment_types: Literal["any", "common"] = "any"
    unstated_customer_currency: Literal["first_document", "home"] = "first_document"
    unknown_endpoints: Literal["accept", "refuse"] = "accept"
    unsupported_void: Literal["refuse", "ignore"] = "refuse"
    void_of_paid: Literal["refuse", "unlink"] = "refuse"
    closed_invoice_payment: Literal["accept", "refuse"] = "accept"
    bank_account_number: Literal["optional", "required"] = "optional"
    tax_rounding: Literal["line", "header"] = "line"
    header_discount: Literal["before_tax", "after_tax"] = "before_tax"
    line_discount: Literal["off_total", "within_total"] = "off_total"
    unstated_sales_taxable: Literal["yes", "no"] = "yes"

    def changed(self, asked: dict[str, object]) -> "Switches | str":
        """These switches with some set anew, or the line that says what is wrong with what was asked."""
        hints = get_type_hints(Switches)
        known = {field.name for field in fields(self)}
        values: dict[str, object] = {}
        for name, value in asked.items():
            if name not in known:
                return f"no such switch: {name}; there are {', '.join(sorted(known))}"
            accepted = _accepted(hints[name], value)
            if accepted is None:
                return f"{name}: {value!r} does not fit; expected {_expectation(hints[name])}"
            values[name] = accepted
        return replace(self, **values)  # type: ignore[arg-type]  # each value was checked against its field's type


def _accepted(hint: object, value: object) -> object | None:
    if get_origin(hint) is Literal:
        return str(value) if not isinstance(value, bool) and str(value) in get_args(hint) else None
    if hint is bool:
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or value < 0:
        return None
    return int(value) if hint is int else float(value)


def _expectation(hint: object) -> str:
    if get_origin(hint) is Literal:
        return " or ".join(get_args(hint))
    return "true or false" if hint is bool else "a number of at least 0"
