"""What a person does in the accounting system itself, past Rutter: edit, void or delete a document."""

from sandbox.company import Company
from sandbox.documents.catalogue import DOCUMENTS, KINDS
from sandbox.exact import Json
from sandbox.refusals import Refusal
from sandbox.world import World
from sandbox.writes import tell_changes


def act_outside(world: World, company: Company, what: str, asked: Json) -> Json | str:
    """Do it, as `{"type", "id", "fields"?}` asks; the document as it is now, or the line that says why not."""
    kind = next((KINDS[one] for one in DOCUMENTS if KINDS[one].singular == asked.get("type")), None)
    before = company.shelves[kind.plural].get(str(asked.get("id"))) if kind else None
    if kind is None or before is None:
        return "type, id: no such document"
    writing = world.writing(company, outside=True)
    if what == "delete":
        refused = kind.delete(writing, before) if kind.delete else None
        done: Json | Refusal = refused or {"deleted": True}
    else:
        fields = {"status": "void"} if what == "void" else asked.get("fields") or {}
        if kind.patch is None or kind.patch_shape is None:
            return f"a {kind.singular} cannot be changed"
        problems: list[str] = []
        kind.patch_shape(fields, kind.singular, problems)
        if problems:
            return "; ".join(problems)
        done = kind.patch(writing, before, fields)
    if isinstance(done, Refusal):
        return done.message
    if world.switches.object_webhooks:
        tell_changes(world, company, writing)
    return done
