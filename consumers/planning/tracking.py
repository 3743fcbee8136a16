"""Classes, departments, locations and custom fields, picked by the order's tags and put where the platform has them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from consumers.planning import wording
from consumers.planning.questions import Question, active, answers, ask_named
from consumers.planning.rules import Facts, fits, same_text, tag_value
from schemas.books import Books, LookUp
from schemas.connections import Connection
from schemas.documents import BodyValue
from schemas.mapping import Named, Tracking
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

Where = Literal["line", "header", "extra", "custom"]
"""`extra` is additional_fields of the header, `custom` the custom fields of header and lines."""

_INVOICE: Final[dict[str, tuple[tuple[Feature, Where, str], ...]]] = {
    "class": ((Feature.LINE_CLASS, "line", "class_id"), (Feature.HEADER_CLASS, "header", "class_id")),
    "department": ((Feature.HEADER_DEPARTMENT, "extra", "department_id"),),
    "location": ((Feature.LINE_LOCATION, "line", "location_id"), (Feature.HEADER_LOCATION, "extra", "location_id")),
}
_CREDIT: Final[dict[str, tuple[tuple[Feature, Where, str], ...]]] = {
    "class": ((Feature.CREDIT_CLASS, "line", "class_id"),),
    "department": (),
    "location": ((Feature.CREDIT_LOCATION, "line", "location_id"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """Fields for every line, for the header, and for the header's additional_fields."""

    line: dict[str, BodyValue] = field(default_factory=dict)
    header: dict[str, BodyValue] = field(default_factory=dict)
    extra: dict[str, BodyValue] = field(default_factory=dict)
    why: tuple[str, ...] = ()


def ask_tracking(facts: Facts, connection: Connection) -> Iterator[Question]:
    """What to ask of the lists of classes, departments and locations."""
    for rule in _rules(facts, connection):
        if rule.dimension not in _INVOICE:
            continue
        value = _told(rule, facts)
        named = None if value is None else _mapped(rule, value)
        if value is not None and named is None:
            yield Question(any_of=frozenset({LookUp(rule.dimension, "name", value)}))
        for one in (named, rule.otherwise):
            if one is not None:
                yield ask_named(rule.dimension, one)


def tracked(facts: Facts, books: Books, document: Literal["invoice", "credit"] = "invoice") -> Tracked | Park:
    """Where each dimension goes; on a credit memo that has no place for one, it is left out, and that is said."""
    found = Tracked()
    for rule in _rules(facts, books.connection):
        picked = _picked(rule, facts, books)
        if isinstance(picked, Park):
            return picked
        if isinstance(picked, str):
            found = Tracked(line=found.line, header=found.header, extra=found.extra, why=(*found.why, picked))
            continue
        placed = _placed(rule, picked, found, books.connection, document)
        if isinstance(placed, Park):
            return placed
        found = placed
    return found


@dataclass(frozen=True, slots=True)
class _Picked:
    """What is sent for a dimension."""

    value: str
    why: str


def _rules(facts: Facts, connection: Connection) -> tuple[Tracking, ...]:
    """The first rule of each dimension that fits."""
    chosen: dict[str, Tracking] = {}
    for rule in connection.mapping.tracking:
        if rule.dimension not in chosen and fits(rule.when, facts):
            chosen[rule.dimension] = rule
    return tuple(chosen.values())


def _told(rule: Tracking, facts: Facts) -> str | None:
    value = None if rule.tag is None else tag_value(rule.tag, facts.tags)
    return value.strip() or None if value is not None else None


def _mapped(rule: Tracking, value: str) -> Named | None:
    return next((named for told, named in rule.values if same_text(told, value)), None)


def _picked(rule: Tracking, facts: Facts, books: Books) -> _Picked | str | Park:
    """What the rule picks; or why it picks nothing; or a park."""
    value = _told(rule, facts)
    told = f"tag {rule.tag} = {value}" if value is not None else f"no tag {rule.tag}" if rule.tag else "always"
    named = None if value is None else _mapped(rule, value)
    if named is not None:
        return _named(rule, named, f"{rule.dimension}: {told}, mapped to {named}", books)
    if value is not None:
        unmapped = _by_name(rule, value, told, books)
        if unmapped is not None:
            return unmapped
    if rule.otherwise is not None:
        return _named(rule, rule.otherwise, f"{rule.dimension}: {told}, so {rule.otherwise}", books)
    if not rule.required:
        return f"{rule.dimension}: {told}, left out"
    what = f"the books have no {rule.dimension} of that name in use" if value is not None else "it is required"
    return _unmapped(rule, f"{rule.dimension} {value or ''}".strip(), f"{told}, and {what}", books.connection)


def _by_name(rule: Tracking, value: str, told: str, books: Books) -> _Picked | Park | None:
    if rule.dimension not in _INVOICE:
        return _Picked(value, f"{rule.dimension}: {told}")
    found = active(books, LookUp(rule.dimension, "name", value))
    if len(found) > 1:
        several = f"{told}, and the books have {len(found)} of that name"
        return _unmapped(rule, f"{rule.dimension} {value}", several, books.connection)
    return _Picked(found[0].id, f"{rule.dimension}: {told}, the one of that name") if found else None


def _named(rule: Tracking, named: Named, why: str, books: Books) -> _Picked | Park:
    if rule.dimension not in _INVOICE:
        return _Picked(named.id or named.name or named.code or "", why)
    found = answers(rule.dimension, named, books)
    if len(found) == 1:
        return _Picked(found[0].id, why)
    there = f"{len(found)} of that name" if found else f"no such {rule.dimension} in use"
    return _unmapped(rule, f"{rule.dimension} {named}", f"{why}, and the books have {there}", books.connection)


def _placed(
    rule: Tracking, picked: _Picked, found: Tracked, connection: Connection, document: Literal["invoice", "credit"]
) -> Tracked | Park:
    software = platform(connection.platform)
    line, header, extra = dict(found.line), dict(found.header), dict(found.extra)
    custom = rule.dimension not in _INVOICE
    if custom:
        places: tuple[tuple[Feature, Where, str], ...] = ((Feature.CUSTOM_FIELDS, "custom", rule.dimension),)
    else:
        places = _INVOICE[rule.dimension] if document == "invoice" else _CREDIT[rule.dimension]
    taken = [place for place in places if software.has(place[0]) and (document == "invoice" or not custom)]
    for _, where, name in taken:
        match where:
            case "line":
                line[name] = picked.value
            case "header":
                header[name] = picked.value
            case "extra":
                extra[name] = picked.value
            case "custom":
                for of, fields in (("line", line), ("header", header)):
                    if of in _levels(name, connection):
                        fields["custom_fields"] = _with(fields.get("custom_fields"), name, picked.value)
    cited = [software.why(feature) for feature, _, _ in (taken or places)]
    if not taken and document == "invoice":
        return Park(
            cause=Cause.UNMAPPED_TRACKING,
            subject=f"{rule.dimension} on {connection.platform}",
            detail=f"{picked.why}; {'; '.join(cited)}",
            cure=f"take the {rule.dimension} out of [{wording.table(connection, 'tracking')}], "
            "then: ledgerhook apply FILE, ledgerhook release",
        )
    said = picked.why if taken else f"{picked.why}: left out, as a credit memo has no place for it"
    return Tracked(line=line, header=header, extra=extra, why=(*found.why, said, *cited))


def _levels(key: str, connection: Connection) -> frozenset[str]:
    """Where a custom field belongs: Xero's tracking categories are the lines'; NetSuite's keys begin with their level
    (Oracle: custbody, custcol); any other is told in both places."""
    if connection.platform == "XERO" or key.casefold().startswith("custcol"):
        return frozenset({"line"})
    return frozenset({"header"}) if key.casefold().startswith("custbody") else frozenset({"line", "header"})


def _with(fields: BodyValue, name: str, value: str) -> dict[str, BodyValue]:
    return {**(fields if isinstance(fields, dict) else {}), name: value}


def _unmapped(rule: Tracking, subject: str, detail: str, connection: Connection) -> Park:
    return Park(
        cause=Cause.UNMAPPED_TRACKING,
        subject=subject,
        detail=detail,
        cure=f"name it under values of the {rule.dimension} in [{wording.table(connection, 'tracking')}], or give it "
        "an otherwise, then: ledgerhook apply FILE, ledgerhook release; or make it in the books and release",
    )
