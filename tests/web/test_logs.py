"""A line of ours is the same by either way: straight to the one handler there is, or through loggers."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from service.logs import say, set_up_logs, warn


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written as JSON lines; logging is as it was afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("ledgerhook").level
    stream = io.StringIO()
    set_up_logs("json", "info", stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logging.getLogger("ledgerhook").setLevel(before[2])


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def tell() -> None:
    say("delivery.accepted", delivery="d-1", events=2, about=None)
    warn("delivery.refused", source="\ud800", size=2**70)
    say("inbox.batch", logging.DEBUG, events=1)


@pytest.mark.parametrize("others", [0, 1])
def test_a_line_has_its_time_its_level_its_name_and_its_fields(written: io.StringIO, others: int) -> None:
    for _ in range(others):
        logging.getLogger().addHandler(logging.NullHandler())  # somebody listens beside: no straight way

    tell()

    accepted, refused = lines(written)
    assert str(accepted.pop("time")).endswith("+00:00")
    assert list(accepted.items()) == [
        ("level", "info"), ("event", "delivery.accepted"), ("delivery", "d-1"), ("events", 2), ("about", None)
    ]  # fmt: skip
    assert (refused["level"], refused["event"], refused["source"]) == ("warning", "delivery.refused", "\ud800")
    assert refused["size"] == 2**70


def test_a_library_s_line_says_whose_it_is(written: io.StringIO) -> None:
    logging.getLogger("elsewhere").warning("look at %s", "this")

    (line,) = lines(written)
    assert (line["event"], line["level"], line["logger"]) == ("look at this", "warning", "elsewhere")


def test_a_stream_that_is_gone_ends_nothing(written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    written.close()

    say("service.started")

    assert "I/O operation on closed file" in capsys.readouterr().err
