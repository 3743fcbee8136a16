"""Currencies a company keeps (Rutter: /accounting/currencies). Its fields are not published: ours."""

from sandbox.documents.kind import Kind
from sandbox.exact import Json, exponent
from sandbox.platforms.registry import rules_of
from sandbox.writing import Writing


def add_currency(writing: Writing, code: str) -> Json:
    """One ISO 4217 currency; `is_home` marks the one the company reports in."""
    body: Json = {
        **writing.born(),
        "currency_code": code,
        "name": code,
        "decimals": exponent(code),
        "is_home": code == writing.company.home_currency,
        "status": "active",
        **writing.tail(),
    }
    return writing.put("currencies", body)


def keep(writing: Writing, codes: frozenset[str]) -> None:
    """List these currencies where the platform lists any, each once, and archive those no longer kept."""
    if rules_of(writing.company.platform).endpoint("currencies", "R") == "absent":
        return
    listed = {body["currency_code"]: body for _, _, body in writing.company.shelves["currencies"].live()}
    for code in sorted(codes - listed.keys()):
        add_currency(writing, code)
    for code, body in listed.items():
        status = "active" if code in codes else "archived"
        if body["status"] != status:
            writing.change("currencies", body, status=status)


KIND = Kind(singular="currency", plural="currencies", webhook="CURRENCY")
