"""What is wrong with a value that a person wrote, in plain words: what would do, and never the value itself."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from pydantic_core import ErrorDetails

_PLAIN: Final = {
    "missing": "missing",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list",
}


def in_words(problem: ErrorDetails, known: Iterable[str] = ()) -> str:
    """One of pydantic's problems. `known`: names that may stand there, to guess what a wrong one was meant to be."""
    limits = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            return f"no such name here{did_you_mean(str(problem['loc'][-1]), known)}"
        case "literal_error":
            return f"must be one of {limits['expected'].replace(' or ', ', ').replace(chr(39), '')}"
        case "greater_than_equal":
            return f"must be at least {limits['ge']}"
        case "less_than_equal":
            return f"must be at most {limits['le']}"
        case "string_too_long":
            return f"must have at most {limits['max_length']} characters"
        case kind:
            return _PLAIN.get(kind) or problem["msg"].removeprefix("Value error, ")


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing."""
    near = get_close_matches(wrong, list(known), 1, 0.7)
    return f"; did you mean {near[0]}?" if near else ""
