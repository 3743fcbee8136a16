"""What a person does in the accounting system itself, past Rutter: edit, void or delete an object.

Lists of accounts, customers and items may be edited freely (`{"status": "inactive"}`); documents as PATCH allows.
"""

from sandbox.company import Company
from sandbox.documents.catalogue import DOCUMENTS, KINDS
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.refusals import Refusal
from sandbox.world import World
from sandbox.writes import tell_changes
from sandbox.writing import Writing

_LISTED = {kind.singular: kind for kind in KINDS.values() if kind.listed}


def act_outside(world: World, company: Company, what: str, asked: Json) -> Json | str:
    """Do it, as `{"type", "id", "fields"?}` asks; the object as it is now, or the line that says why not."""
    kind = _LISTED.get(str(asked.get("type")))
    before = company.shelves[kind.plural].get(str(asked.get("id"))) if kind else None
    if kind is None or before is None:
        return f"type, id: no such object; types are {', '.join(_LISTED)}"
    writing = world.writing(company, outside=True)
    if what == "delete":
        done = _delete(writing, kind, before)
    else:
        done = _edit(writing, kind, before, {"status": "void"} if what == "void" else asked.get("fields") or {})
    if world.switches.object_webhooks:
        tell_changes(world, company, writing)
    return done


def _delete(writing: Writing, kind: Kind, before: Json) -> Json | str:
    refused = kind.delete(writing, before) if kind.delete else f"a {kind.singular} cannot be deleted"
    if isinstance(refused, Refusal):
        return refused.message
    return refused or {"deleted": True}


def _edit(writing: Writing, kind: Kind, before: Json, fields: Json) -> Json | str:
    if kind.plural not in DOCUMENTS:
        unknown = [name for name in fields if name not in before]
        return f"no such field: {unknown[0]}" if unknown else writing.change(kind.plural, before, **fields)
    if kind.patch is None or kind.patch_shape is None:
        return f"a {kind.singular} cannot be changed"
    problems: list[str] = []
    kind.patch_shape(fields, kind.singular, problems)
    if problems:
        return "; ".join(problems)
    done = kind.patch(writing, before, fields)
    return done.message if isinstance(done, Refusal) else done
