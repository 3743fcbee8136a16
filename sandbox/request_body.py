"""The body of a write, read and checked as Rutter does before it accepts anything."""

from dataclasses import dataclass
from typing import Any, Literal

from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.refusals import Refusal, invalid_input
from sandbox.switches import Switches

Mode = Literal["prefer_sync", "async"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The object's fields and how the caller wants to be answered."""

    fields: Json
    response_mode: Mode


def read_asked(
    company: Company, kind: Kind, verb: Literal["create", "patch", "delete"], parsed: object, switches: Switches
) -> Asked | Refusal:
    """The checked request, or Rutter's 400 (before acceptance: no job, key unspent)."""
    if not isinstance(parsed, dict):
        return invalid_input("the body is not a JSON object")
    asked_mode = parsed.get("response_mode") or "prefer_sync"
    if asked_mode not in ("prefer_sync", "async"):
        return invalid_input("response_mode: expected prefer_sync or async")
    mode: Mode = "async" if asked_mode == "async" else "prefer_sync"
    if verb == "delete":
        return Asked({}, mode)
    fields = parsed.get(kind.singular)
    if fields is None:
        return invalid_input(f"{kind.singular}: required")
    problems: list[str] = []
    check = kind.shape if verb == "create" else kind.patch_shape
    if check is not None:
        check(fields, kind.singular, problems)
    if problems:
        return invalid_input("; ".join(problems[:20]))
    if switches.foreign_fields != "keep":
        fields, foreign = _without_foreign(company.platform, kind, verb, fields)
        if foreign and switches.foreign_fields == "refuse":
            return invalid_input(f"not supported on {company.platform}: {', '.join(foreign)}")
    trouble = kind.screen(company, fields) if verb == "create" else None
    return invalid_input(trouble) if trouble else Asked(fields, mode)


def _without_foreign(platform: str, kind: Kind, verb: str, fields: dict[str, Any]) -> tuple[Json, list[str]]:
    """The fields without those that belong to other platforms, and the names of what was left out."""
    foreign: list[str] = []
    for path, platforms in kind.elsewhere:
        if platform in platforms or (verb == "patch" and path == "status"):  # every platform can void
            continue
        outer, _, inner = path.partition(".")
        held = fields.get(outer)
        if inner and isinstance(held, dict) and held.get(inner) is not None:
            fields = {**fields, outer: {name: value for name, value in held.items() if name != inner}}
            foreign.append(path)
        elif not inner and held is not None:
            fields = {name: value for name, value in fields.items() if name != outer}
            foreign.append(path)
    return fields, foreign
