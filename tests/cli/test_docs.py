"""Generated pages tell what the code does."""

import json
import re
from typing import Any

import pytest

from schemas.events import parse_event
from schemas.platforms.capability import Feature
from schemas.platforms.cautious import CAUTIOUS
from schemas.platforms.registry import PLATFORMS
from service.settings import Settings
from tests.cli.shop import order
from tools.generate_docs import ROOT, asyncapi_document, event_document, pages, settings_page
from tools.platform_page import GROUPS, MARKS, features_of, platform_page

PAGES = pages()


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_what_is_committed_is_current(path: Any) -> None:
    assert path.read_text("utf-8") == PAGES[path], "run `make docs`"


def test_every_setting_has_a_row_that_says_what_it_is() -> None:
    rows = [row for row in settings_page().splitlines() if row.startswith("| `LEDGERHOOK_")]

    assert len(rows) == len(Settings.model_fields)
    assert all(len(row.split("|")[4].strip()) > 10 for row in rows)


def test_topics_of_the_document_are_those_that_are_made() -> None:
    addresses = [channel["address"] for channel in asyncapi_document()["channels"].values()]

    assert addresses == [
        "ledgerhook.events",
        "ledgerhook.events.dead",
        "ledgerhook.documents",
        "ledgerhook.connections",
    ]


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi_document()

    def check(value: object) -> None:
        if isinstance(value, dict):
            target = value.get("$ref", "")
            if isinstance(target, str) and target.startswith("#/"):
                at: Any = document
                for part in target[2:].split("/"):
                    at = at[part]
            elif target:
                assert (ROOT / "docs" / "schemas" / str(target)).exists()
            for inner in value.values():
                check(inner)

    check(document)


def test_the_schema_asks_for_what_an_event_has() -> None:
    told = json.loads(order())
    schema = event_document()["$defs"]["OrderCompleted"]

    assert parse_event(order()).id == "order:1001"  # type: ignore[union-attr]  # an event
    assert set(schema["required"]) <= set(told)
    assert {"specversion", "type", "id", "source", "connection", "time", "data"} <= set(schema["required"])


def test_the_platforms_page_has_every_cell_and_every_source() -> None:
    page = platform_page()
    listed = (*PLATFORMS.values(), CAUTIOUS)
    glance = [row for row in page.splitlines() if row.count("|") == len(listed) + 2]

    assert [feature for group in GROUPS for feature in features_of(group)] == list(Feature)
    assert [row.split("|")[1].strip() for row in glance if MARKS["none"] in row or MARKS["unknown"] in row] == [
        feature.value for feature in Feature
    ]
    for one in listed:
        section = page.partition(f"\n## {one.title}\n")[2].partition("\n## ")[0]
        assert all(f"{feature.value}<sup>" in section for feature in Feature)
        cited = set(re.findall(r"<sup>(\d+)</sup>", section))
        assert cited == set(re.findall(r"^(\d+)\. \S", section, re.MULTILINE))


def test_the_platforms_page_agrees_with_itself() -> None:
    row = next(row for row in platform_page().splitlines() if row.startswith("| invoice attachments "))

    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["✓", "\N{EN DASH}", "?", "✓", *"??????"]
