"""How cells are written down: known documents, fields whose page names the platforms that take them, and the untold.

Rutter marks most fields of a create page with the platforms that take them. What it does with such a field elsewhere,
refuse or ignore it, is not stated; so where a page names platforms, a platform it does not name counts as having none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.platforms.capability import Entry, Feature

OPENAPI: Final = "Rutter OpenAPI 2023-03-14, x-supported-platforms"
COVERAGE: Final = "Rutter: Support by endpoint, platform caveats"
NOT_FOUND: Final = "not found in Rutter OpenAPI 2023-03-14, nor on the pages of Rutter API 2024-08-31"
TRIED_ONCE: Final = "tried once; a refusal before acceptance parks its kind"
NOT_SENT: Final = "not sent"
ASSUMED: Final = "assumed, as the more careful of the two"


def page(title: str, field: str = "") -> str:
    """A page of Rutter's reference, as a source."""
    return f"Rutter API 2024-08-31: {title}" + (f", {field}" if field else "")


def works(source: str, note: str = "") -> Entry:
    """It works."""
    return Entry("works", source, note)


def none(source: str, note: str = "") -> Entry:
    """The platform has none."""
    return Entry("none", source, note)


def untold(source: str, note: str) -> Entry:
    """Nobody says; the note says what we do."""
    return Entry("unknown", source, note)


def all_work(source: str, *features: Feature) -> dict[Feature, Entry]:
    """Several that one source vouches for."""
    return {feature: works(source) for feature in features}


def tried_once(*features: Feature, source: str = NOT_FOUND) -> dict[Feature, Entry]:
    """Documents of which nobody says whether they can be written."""
    return {feature: untold(source, TRIED_ONCE) for feature in features}


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field, the page that has it, and the platforms which that page names for it."""

    source: str
    names: str
    all_the_same: str = ""
    """What we do with it on the others."""


_INTUIT: Final = "QuickBooks Online and QuickBooks Desktop"
_INVOICE: Final = "Create an invoice"
_PAYMENT: Final = "Create an invoice payment"
_CREDIT: Final = "Create an invoice credit memo"
_NUMBERED: Final = "NetSuite, QuickBooks Online, QuickBooks Desktop, Xero and Zoho Books"
_REFERENCED: Final = "NetSuite, QuickBooks Online, QuickBooks Desktop and Zoho Books"
_METHODS: Final = "Dynamics 365, NetSuite, QuickBooks Online, QuickBooks Desktop and Sage Intacct"

NAMED: Final[Mapping[Feature, NamedField]] = {
    Feature.CUSTOMER_REFUNDS: NamedField(page("Create a customer refund"), "QuickBooks Online and Xero"),
    Feature.CUSTOMER_CURRENCY: NamedField(
        page("Create a customer", "additional_fields.currency_code"),
        "FreshBooks, NetSuite, Sage Intacct (v2) and Zoho Books",
        "; sent all the same for a currency other than the company's own, as leaving it out would mean that one",
    ),
    Feature.CUSTOMER_LANGUAGE: NamedField(
        page("Create a customer", "additional_fields.language"), "FreshBooks and Zoho Books"
    ),
    Feature.CUSTOMER_ADDRESS: NamedField(
        page("Create a customer", "addresses"),
        "QuickBooks Online, QuickBooks Desktop, Sage Intacct (v2), Xero and Zoho Books",
    ),
    Feature.INVOICE_NUMBER: NamedField(page(_INVOICE, "document_number"), _NUMBERED),
    Feature.INVOICE_MEMO: NamedField(page(_INVOICE, "memo"), f"{_INTUIT}, and Zoho Books"),
    Feature.INVOICE_TERMS: NamedField(page(_INVOICE, "payment_terms_id"), _INTUIT),
    Feature.INVOICE_RECEIVABLE: NamedField(page(_INVOICE, "account_id"), "QuickBooks Desktop"),
    Feature.LINE_ACCOUNT: NamedField(page(_INVOICE, "line_items.account_id"), "Xero and Sage Intacct (v2)"),
    Feature.LINE_CLASS: NamedField(page(_INVOICE, "line_items.class_id"), _INTUIT),
    Feature.LINE_LOCATION: NamedField(page(_INVOICE, "line_items.location_id"), "Sage Intacct"),
    Feature.HEADER_CLASS: NamedField(page(_INVOICE, "class_id"), _INTUIT),
    Feature.HEADER_DEPARTMENT: NamedField(page(_INVOICE, "additional_fields.department_id"), "QuickBooks Online"),
    Feature.HEADER_LOCATION: NamedField(page(_INVOICE, "additional_fields.location_id"), "NetSuite"),
    Feature.CUSTOM_FIELDS: NamedField(page(_INVOICE, "custom_fields"), "NetSuite and Xero"),
    Feature.LINE_TAX_RATE: NamedField(
        page(_INVOICE, "line_items.tax_rate_id"), "NetSuite, QuickBooks Online, Xero and Zoho Books"
    ),
    Feature.LINE_TAX_AMOUNT: NamedField(page(_INVOICE, "line_items.additional_fields.tax_amount"), "Xero"),
    Feature.HEADER_TAX_AMOUNT: NamedField(
        page(_INVOICE, "additional_fields.tax_amount"), "QuickBooks Online and Zoho Books"
    ),
    Feature.HEADER_TAX_NEEDS_LINE_TAX: NamedField(page(_INVOICE, "additional_fields.tax_amount"), "Zoho Books"),
    Feature.HEADER_DISCOUNT: NamedField(
        page(_INVOICE, "additional_fields.discount_amount"), "QuickBooks Online and Zoho Books"
    ),
    Feature.LINE_DISCOUNT: NamedField(page(_INVOICE, "line_items.discount_amount"), "NetSuite and Xero"),
    Feature.HEADER_SHIPPING: NamedField(page(_INVOICE, "additional_fields.shipping_amount"), "QuickBooks Online"),
    Feature.PREPAYMENTS: NamedField(page(_PAYMENT, "linked_invoices"), "NetSuite and QuickBooks Online"),
    Feature.PAYMENT_REFERENCE: NamedField(page(_PAYMENT, "reference"), _REFERENCED),
    Feature.PAYMENT_METHOD: NamedField(page(_PAYMENT, "payment_method_id and payment_method"), _METHODS),
    Feature.PAYMENT_RATE: NamedField(page(_PAYMENT, "currency_rate"), "QuickBooks Online"),
    Feature.CREDIT_NUMBER: NamedField(page(_CREDIT, "document_number"), "QuickBooks Desktop and Xero"),
    Feature.CREDIT_CLASS: NamedField(page(_CREDIT, "line_items.class_id"), "QuickBooks Desktop"),
    Feature.CREDIT_LOCATION: NamedField(page(_CREDIT, "line_items.location_id"), "Sage Intacct (v2)"),
    Feature.CREDIT_TAX_RATE: NamedField(
        page(_CREDIT, "line_items.additional_fields.tax_rate_id"), "NetSuite, QuickBooks Online and Xero"
    ),
    Feature.DELETIONS_TOLD: NamedField("Rutter: Events, object_deleted", "QuickBooks Online, NetSuite and Xero"),
}
"""Everything whose page names the platforms that take it."""


def named(taken: Mapping[Feature, str]) -> dict[Feature, Entry]:
    """All of `NAMED`: those in `taken` (with a note, or an empty one) work here, the others are not named."""
    return {
        feature: works(field.source, taken[feature])
        if feature in taken
        else none(field.source, f"the page names only {field.names}{field.all_the_same}")
        for feature, field in NAMED.items()
    }


def everywhere() -> dict[Feature, Entry]:
    """What is the same on every platform."""
    return {
        Feature.CREDIT_UNAPPLICATIONS: untold(
            f"{page('Unapply an invoice credit memo')}, which names no platform", TRIED_ONCE
        ),
        Feature.CREDIT_LINE_ACCOUNT: untold(
            f"{page(_CREDIT, 'line_items.account_id')}, which names no platform", f"{NOT_SENT}; the item decides"
        ),
        Feature.FEES: none(
            f"{page(_PAYMENT)} has no field for a fee, and there is no document for one",
            "payments are posted gross to the gateway's clearing account, where the fee is booked by hand",
        ),
    }


def assumed(*features: Feature, source: str = NOT_FOUND) -> dict[Feature, Entry]:
    """Peculiarities of which nobody says whether the platform has them."""
    return {feature: untold(source, ASSUMED) for feature in features}


def nameless(features: Iterable[Feature], source: str) -> dict[Feature, Entry]:
    """Fields that nobody vouches for."""
    return {feature: untold(source, NOT_SENT) for feature in features}
