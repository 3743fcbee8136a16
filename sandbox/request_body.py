"""The body of a write, read and checked as Rutter does before it accepts anything."""

from dataclasses import dataclass
from typing import Final, Literal

from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.platforms.endpoints import Verb, absent_endpoint
from sandbox.platforms.foreign import without_foreign
from sandbox.platforms.registry import rules_of
from sandbox.refusals import Refusal, invalid_input
from sandbox.switches import Switches

Mode = Literal["prefer_sync", "async"]

_LETTERS: Final[dict[str, Verb]] = {"create": "C", "patch": "U", "delete": "D"}
_VOIDED = ("invoices", "invoice_credit_memos")


@dataclass(frozen=True, slots=True)
class Asked:
    """The object's fields and how the caller wants to be answered."""

    fields: Json
    response_mode: Mode


def read_asked(
    company: Company, kind: Kind, verb: Literal["create", "patch", "delete"], parsed: object, switches: Switches
) -> Asked | Refusal:
    """The checked request, or Rutter's 400 (before acceptance: no job, key unspent)."""
    absent = absent_endpoint(company.platform, kind.plural, _LETTERS[verb], switches)
    if absent:
        return absent
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
    voids = _may_void(company, kind, fields, switches) if verb == "patch" else False
    if isinstance(voids, Refusal):
        return voids
    if switches.foreign_fields != "keep":
        fields, foreign = without_foreign(company.platform, kind.plural, fields)
        foreign = [name for name in foreign if not (voids and name == "status")]
        if foreign and switches.foreign_fields == "refuse":
            return invalid_input(f"not supported on {company.platform}: {', '.join(foreign)}")
    if voids:
        fields = {**fields, "status": "void"}
    trouble = kind.screen(company, fields) if verb == "create" else None
    return invalid_input(trouble) if trouble else Asked(fields, mode)


def _may_void(company: Company, kind: Kind, fields: Json, switches: Switches) -> bool | Refusal:
    """Whether a patch voids. Rutter names the platforms that void, not what the others answer: the switch has both."""
    rules, status = rules_of(company.platform), fields.get("status")
    changes_status = "status" in rules.takes.get(kind.plural, ())
    if kind.plural not in _VOIDED or status is None:
        return False
    if status == "void":
        if rules.voids if kind.plural == "invoices" else changes_status:
            return True
        if switches.unsupported_void == "ignore":
            return False
    elif changes_status or not rules.voids:
        return False
    return invalid_input(f"{kind.singular}.status: {status} is not supported on {company.platform}")
