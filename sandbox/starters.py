"""The lists a company starts with besides its chart: tags, payment terms, currencies, subsidiaries, custom fields.

Each platform gets only what it has; the rest stays empty and its endpoints do not exist there.
"""

from sandbox.company import Company
from sandbox.documents import currencies, custom_fields, payment_terms, tracking
from sandbox.exact import Json
from sandbox.platforms.registry import rules_of
from sandbox.writing import Writing

_TAGS = {
    "classes": ("Online", "Wholesale"),
    "departments": ("Sales", "Support"),
    "locations": ("Main store", "Warehouse"),
}
_TERMS: tuple[Json, ...] = (
    {"term_name": "Due on receipt", "due_days": 0},
    {"term_name": "Net 15", "due_days": 15},
    {"term_name": "Net 30", "due_days": 30},
    {"term_name": "2% 10 Net 30", "due_days": 30, "discount_days": 10, "discount_percent": 2},
)
_DOCUMENTS = ("invoices", "invoice_payments")

# Key, name, level, options: Xero's two tracking categories.
_XERO_FIELDS = (
    ("tracking_region", "Region", "line", ("North", "South")),
    ("tracking_channel", "Channel", "line", ("Online", "Wholesale")),
)
_NETSUITE_FIELDS = (
    ("custbody_order_source", "Order source", "header", ()),
    ("custcol_channel", "Channel", "line", ("Online", "Wholesale")),
)

# What POST /_sandbox/connections answers by name: shelf -> the field that names its objects.
NAMED_BY = {
    "payment_methods": "name",
    "classes": "name",
    "departments": "name",
    "locations": "name",
    "subsidiaries": "name",
    "payment_terms": "term_name",
    "currencies": "currency_code",
}


def stock(writing: Writing) -> None:
    """Give a new company its lists."""
    company, platform = writing.company, writing.company.platform
    rules = rules_of(platform)
    for plural, names in _TAGS.items():
        for name in names if rules.endpoint(plural, "R") != "absent" else ():
            tracking.add_tag(writing, plural, name)
    if rules.endpoint("subsidiaries", "R") != "absent":
        tracking.add_subsidiary(writing, "Parent company", company.home_currency)
    for term in _TERMS if rules.endpoint("payment_terms", "R") != "absent" else ():
        payment_terms.add_term(writing, term)
    currencies.keep(writing, company.currencies)
    fields = {"XERO": _XERO_FIELDS, "NETSUITE": _NETSUITE_FIELDS}.get(platform, ())
    for key, name, level, options in fields:
        field = custom_fields.add_field(writing, key=key, name=name, level=level, entity_types=_DOCUMENTS)
        if options:
            custom_fields.add_options(writing, field, options)
    writing.changes.clear()


def named(company: Company) -> Json:
    """Every list's objects by name, `{"classes": {"Online": id, …}, …}`; custom fields whole, by key."""
    shelves = company.shelves
    lists: Json = {
        plural: {body[field]: object_id for object_id, _, body in shelves[plural].live()}
        for plural, field in NAMED_BY.items()
    }
    fields = {body["key"]: body for _, _, body in shelves["custom_fields"].live()}
    return {**lists, "custom_fields": fields}
