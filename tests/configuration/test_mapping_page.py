"""docs/mapping.md: every block is a file that can be declared, and every key of a mapping is on it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.mapping import Clearing, Named, When
from schemas.platforms.registry import platform
from service.configuration.file import Declarations, Secrets, read_file
from service.configuration.mapping_tables import ItemsTable, MappingTable, TaxRateTable, TrackingTable
from service.configuration.unfit import unfit

PAGE = (Path(__file__).parents[2] / "docs/mapping.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_a_file(block: str) -> None:
    read = read_file(block, Secrets({}))

    assert isinstance(read, Declarations), read


def test_every_key_has_an_example() -> None:
    shown: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            shown.update(value)
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    for block in BLOCKS:
        collect(tomllib.loads(block))
    named = PAGE + " ".join(shown)
    for table in (MappingTable, ItemsTable, TaxRateTable, TrackingTable):
        for key in table.model_fields:
            assert key in shown or f"`{key}`" in named, key


def test_decisions_are_those_that_a_platform_can_take() -> None:
    (block,) = [one for one in BLOCKS if "chargeback =" in one]
    read = read_file(block, Secrets({}))

    assert isinstance(read, Declarations)
    assert unfit(read.connections[0].mapping, platform("QUICKBOOKS")) == ()


def test_clearing_means_what_the_page_says() -> None:
    (block,) = [one for one in BLOCKS if "gift_card" in one and "clearing" in one]
    read = read_file(block, Secrets({}))

    assert isinstance(read, Declarations)
    assert read.connections[0].mapping.clearing == (
        Clearing(account=Named(name="Stripe clearing EUR"), when=When(gateway="stripe", currency="EUR")),
        Clearing(account=Named(name="Stripe clearing"), when=When(gateway="stripe")),
        Clearing(account=Named(name="Gift cards outstanding"), when=When(gateway="gift_card")),
        Clearing(account=Named(name="Undeposited Funds")),
    )


def test_the_page_tells_the_keystrokes_that_the_test_of_setup_counts() -> None:
    counted = (Path(__file__).parents[1] / "cli/test_setup.py").read_text("utf-8")

    assert "**5 prompts, 5 keystrokes**" in PAGE
    assert '"5 prompts, 5 keystrokes\\n"' in counted
