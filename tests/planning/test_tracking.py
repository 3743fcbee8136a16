"""Classes, departments, locations, custom fields: picked by the order's tags, put where the platform has them."""

from dataclasses import replace
from typing import Any

import pytest

from consumers.planning import plan, references, unanswered
from schemas.books import Books, Entry, LookUp
from schemas.mapping import Named, Tracking, When
from schemas.plans import Cause
from tests.planning.shop import LISTS, MAPPING, ada_linked, books, connection, last_write, line, order, parked

PLATFORMS = (
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 ZOHOBOOKS FRESHBOOKS ODOO"
).split()


def shelf(name: str = "QUICKBOOKS", *, lists: Any = (), tracking: tuple[Tracking, ...]) -> Books:
    of = connection(name, replace(MAPPING, tracking=tracking))
    return books(of=of, links=[ada_linked()], lists=[*LISTS, *lists])


TAGGED = order(
    line(1000), line(500, number=2), total=1500, tags={"Class": "Retail", "department": "East", "region": "n"}
)
PLACES: Any = (
    ("class", Entry(id="cl-1", name="Retail")),
    ("department", Entry(id="de-1", name="East")),
    ("location", Entry(id="lo-1", name="North")),
)
CLASS = Tracking(dimension="class", tag="class")
DEPARTMENT = Tracking(dimension="department", tag="department")
LOCATION = Tracking(dimension="location", tag="region", values=(("N", Named(name="North")),))
FIELD = Tracking(dimension="Region", tag="region")
BODY, COLUMN = replace(FIELD, dimension="custbody_region"), replace(FIELD, dimension="custcol_region")
TRACKED: dict[tuple[str, Tracking], dict[str, Any]] = {
    ("QUICKBOOKS", CLASS): {"line": {"class_id": "cl-1"}, "header": {"class_id": "cl-1"}},
    ("QUICKBOOKS_DESKTOP", CLASS): {"line": {"class_id": "cl-1"}, "header": {"class_id": "cl-1"}},
    ("QUICKBOOKS", DEPARTMENT): {"extra": {"department_id": "de-1"}},
    ("NETSUITE", LOCATION): {"extra": {"location_id": "lo-1"}},
    ("SAGE_INTACCT", LOCATION): {"line": {"location_id": "lo-1"}},
    ("SAGE_INTACCT_V2", LOCATION): {"line": {"location_id": "lo-1"}},
    ("XERO", FIELD): {"line": {"custom_fields": {"Region": "n"}}},
    ("NETSUITE", BODY): {"header": {"custom_fields": {"custbody_region": "n"}}},
    ("NETSUITE", COLUMN): {"line": {"custom_fields": {"custcol_region": "n"}}},
    ("NETSUITE", FIELD): {"line": {"custom_fields": {"Region": "n"}}, "header": {"custom_fields": {"Region": "n"}}},
}
"""Where each platform keeps each dimension; anywhere else it has none."""


@pytest.mark.parametrize(
    ("name", "rule"),
    [*((name, rule) for name in PLATFORMS for rule in (CLASS, DEPARTMENT, LOCATION, FIELD)), *TRACKED],
    ids=lambda one: one if isinstance(one, str) else one.dimension,
)
def test_where_a_dimension_goes(name: str, rule: Tracking) -> None:
    snapshot = shelf(name, lists=PLACES, tracking=(rule,))
    expected = TRACKED.get((name, rule))
    if expected is None:
        park = parked(TAGGED, snapshot)
        assert park.fingerprint == f"unmapped tracking: {rule.dimension} on {name}"
        assert "(" in park.detail  # the table's source
        return
    body = last_write(plan(TAGGED, snapshot)).body
    names = ("class_id", "location_id", "custom_fields")
    for one in body["line_items"]:
        assert {key: one[key] for key in names if key in one} == expected.get("line", {})
    assert {key: body[key] for key in names if key in body} == expected.get("header", {})
    assert body.get("additional_fields", {}) == expected.get("extra", {})


def test_several_dimensions_and_the_first_rule_of_each() -> None:
    rules = (
        Tracking(dimension="class", otherwise=Named(id="cl-9"), when=When(currency="EUR")),
        Tracking(dimension="class", otherwise=Named(id="cl-7")),
        Tracking(dimension="class", otherwise=Named(id="cl-8")),
        DEPARTMENT,
    )
    write = last_write(plan(TAGGED, shelf(lists=PLACES, tracking=rules)))
    assert (write.body["class_id"], write.body["additional_fields"]) == ("cl-7", {"department_id": "de-1"})
    page = "Rutter API 2024-08-31: Create an invoice"
    assert write.why[2:] == (
        "class: always, so cl-7",
        f"QuickBooks Online: class of a line works ({page}, line_items.class_id)",
        f"QuickBooks Online: class of an invoice works ({page}, class_id)",
        "department: tag department = East, the one of that name",
        f"QuickBooks Online: department of an invoice works ({page}, additional_fields.department_id)",
    )


@pytest.mark.parametrize(
    ("rule", "decided"),
    [
        (Tracking(dimension="class", tag="gone"), "left out"),
        (Tracking(dimension="class", tag="gone", otherwise=Named(id="cl-0")), "cl-0"),
        (Tracking(dimension="class", tag="department"), "left out"),
        (Tracking(dimension="class", tag="department", otherwise=Named(name="Retail")), "cl-1"),
        (Tracking(dimension="class", tag="department", values=(("east", Named(id="cl-5")),)), "cl-5"),
        (Tracking(dimension="class", tag="gone", required=True), "parked"),
        (Tracking(dimension="class", tag="department", required=True), "parked"),
        (Tracking(dimension="class", tag="department", values=(("East", Named(name="None such")),)), "parked"),
        (Tracking(dimension="class", otherwise=Named(name="None such")), "parked"),
    ],
)
def test_tags_that_are_absent_or_unknown(rule: Tracking, decided: str) -> None:
    snapshot = shelf(lists=PLACES, tracking=(rule,))
    if decided == "parked":
        assert parked(TAGGED, snapshot).cause is Cause.UNMAPPED_TRACKING
    else:
        assert last_write(plan(TAGGED, snapshot)).body.get("class_id", "left out") == decided


def test_two_of_one_name_are_asked_about() -> None:
    park = parked(TAGGED, shelf(lists=[*PLACES, ("class", Entry(id="cl-2", name="Retail"))], tracking=(CLASS,)))
    assert park.fingerprint == "unmapped tracking: class Retail"


def test_what_tracking_asks() -> None:
    of = shelf(tracking=(CLASS, LOCATION, FIELD)).connection
    asked = references(TAGGED, {}, of).look_ups
    assert {one for one in asked if one.object not in {"item", "customer"}} == {
        LookUp("class", "name", "Retail"),
        LookUp("location", "name", "North"),
    }
    assert unanswered(TAGGED, shelf(tracking=(CLASS,))) == frozenset({"class"})
