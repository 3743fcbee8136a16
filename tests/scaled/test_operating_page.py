"""docs/operating.md says what is: its metrics, its log lines and its settings are those of the code."""

import re
from pathlib import Path
from typing import get_args

from service.logs import LogName
from service.metrics import new_metrics
from service.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")


def test_every_metric_is_in_the_table_and_no_other() -> None:
    families = new_metrics().registry.collect()
    named = {f"{one.name}_total" if one.type == "counter" else one.name for one in families}
    assert set(re.findall(r"^\| `(ledgerhook_[a-z_]+)`", PAGE, re.MULTILINE)) == named


def test_every_log_line_of_the_page_exists() -> None:
    table = PAGE.partition("### Log lines")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z]+\.[a-z]+)`", table))
    assert len(named) >= 10
    assert named <= set(get_args(LogName))


def test_every_setting_of_the_page_exists() -> None:
    named = set(re.findall(r"LEDGERHOOK_([A-Z_]+[A-Z])", PAGE))
    assert len(named) >= 5
    assert {name.lower() for name in named - {"KAFKA"}} <= set(Settings.model_fields)
