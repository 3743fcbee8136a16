"""What lines and documents are tagged with: classes, departments, locations, subsidiaries (Rutter: the same names).

The create bodies are not among the published pages we could read: `name` is required, `parent_id` may be given.
"""

from sandbox.documents.kind import Create, Kind
from sandbox.exact import Json
from sandbox.fields import filled_text, optional, required, shape, uuid
from sandbox.references import active
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

SHAPE = shape({"name": required(filled_text), "parent_id": optional(uuid)})


def add_tag(writing: Writing, plural: str, name: str, parent_id: str | None = None) -> Json:
    """One class, department or location; its parent learns that it has children."""
    parent = writing.company.shelves[plural].get(parent_id or "")
    if parent is not None and not parent["has_children"]:
        writing.change(plural, parent, has_children=True)
    body: Json = {
        **writing.born(),
        "parent_id": parent_id,
        "has_children": False,
        "name": name,
        "status": "active",
        **({"subsidiaries": []} if plural == "locations" else {}),
        **writing.tail(),
    }
    return writing.put(plural, body)


def add_subsidiary(writing: Writing, name: str, currency: str) -> Json:
    """One subsidiary, which keeps its books in this currency."""
    body: Json = {
        **writing.born(),
        "parent_id": None,
        "name": name,
        "status": "active",
        "currency_code": currency,
        **writing.tail(),
    }
    return writing.put("subsidiaries", body)


def _create(plural: str, singular: str) -> Create:
    def create(writing: Writing, fields: Json) -> Json | Refusal:
        company, name, parent_id = writing.company, fields["name"], fields.get("parent_id")
        parent = active(company, plural, parent_id) if parent_id else None
        if isinstance(parent, Refusal):
            return parent
        if company.shelves[plural].live_with(name):
            return by_platform(company.platform, "duplicate_name", f"A {singular} named {name} exists already")
        return add_tag(writing, plural, name, parent_id)

    return create


CLASSES = Kind(
    singular="class",
    plural="classes",
    webhook="CLASS",
    shape=SHAPE,
    create=_create("classes", "class"),
)
DEPARTMENTS = Kind(
    singular="department",
    plural="departments",
    webhook="DEPARTMENT",
    shape=SHAPE,
    create=_create("departments", "department"),
)
LOCATIONS = Kind(singular="location", plural="locations", webhook="LOCATION")
SUBSIDIARIES = Kind(singular="subsidiary", plural="subsidiaries", webhook="SUBSIDIARY")
