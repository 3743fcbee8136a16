"""What a person answered to a slot, understood; or one line that says what would do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.mapping import Named
from service.setup.slot import NOTHING, Make, Slot, Value, written
from service.trail.entries import folded


class NotUnderstood(Exception):  # noqa: N818 - it is an answer that was not understood, not an error of ours
    """One line for the person who answered."""


def understood(slot: Slot, answer: str) -> Value:
    """The value.

    Raises:
        NotUnderstood: what would do.
    """
    text = answer.strip()
    if slot.is_text:
        return _text(slot, "" if text == NOTHING else text)
    if text in {"", NOTHING}:
        if slot.words and "" not in slot.words:
            raise NotUnderstood(f"{slot.label}: one of {', '.join(slot.words)}")
        return None
    if slot.words:
        return _word(slot, text)
    if text.startswith("+"):
        return _made(slot, text.removeprefix("+").strip())
    if slot.key.startswith("tracking.") and text.startswith("tag:"):
        return text
    return _named(slot, text)


def all_understood(slots: Mapping[str, Slot], answers: Mapping[str, str]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Every slot's value, the proposal where nothing was answered, and a line for each that was not understood."""
    values: dict[str, Value] = {key: slot.proposed for key, slot in slots.items()}
    wrong: list[str] = []
    for key, answer in answers.items():
        if key not in slots:
            near = get_close_matches(key, slots, 1, 0.5)
            wrong.append(f"{key}: nothing of that name is asked" + (f"; did you mean {near[0]}?" if near else ""))
            continue
        try:
            values[key] = understood(slots[key], answer)
        except NotUnderstood as told:
            wrong.append(str(told))
    return values, tuple(wrong)


def _word(slot: Slot, text: str) -> str:
    for word in slot.words:
        if word == text.casefold():
            return word
    raise NotUnderstood(f"{slot.label}: one of {', '.join(word or NOTHING for word in slot.words)}")


def _made(slot: Slot, name: str) -> Make:
    if slot.makes is None:
        raise NotUnderstood(f"{slot.label}: cannot be made from here; make it in the books, then name it")
    return replace(slot.makes, name=name) if name else slot.makes


def _named(slot: Slot, text: str) -> Named:
    prefix, colon, rest = text.partition(":")
    if colon and rest and prefix == "id":
        return Named(id=rest)
    if colon and rest and prefix == "code":
        return Named(code=rest)
    for choice in slot.choices:
        if text in {written(choice), choice.name} or folded(choice.name) == folded(text):
            return choice
    if slot.object == "customer":  # not all are among the choices; declaring compares it with the books
        return Named(name=text)
    near = get_close_matches(text, [choice.name for choice in slot.choices if choice.name], 3, 0.5)
    there = ", ".join(near) or ", ".join(written(choice) for choice in slot.choices[:5])
    make = f"; + {text} makes it" if slot.makes is not None else ""
    raise NotUnderstood(f"{slot.label}: the books have no {text} that would do; there is {there or 'none'}{make}")


def _text(slot: Slot, text: str) -> str | None:
    match slot.key:
        case "time_zone":
            try:
                ZoneInfo(text)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise NotUnderstood(f'{slot.label}: no time zone; use a name like "America/New_York"') from None
        case "number_prefix" if len(text) > 8:
            raise NotUnderstood(f"{slot.label}: at most 8 characters")
        case "due_days" if text and not (text.isascii() and text.isdecimal() and int(text) <= 3650):
            raise NotUnderstood(f"{slot.label}: a whole number of days")
        case "closed_through" if text:
            try:
                date.fromisoformat(text)
            except ValueError:
                raise NotUnderstood(f"{slot.label}: a day, like 2026-01-31") from None
    return text or None
