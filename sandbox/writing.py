"""What a document type has at hand when the platform is asked to make, change or delete one of its documents."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import iso, milliseconds
from sandbox.company import Company, Deletion
from sandbox.exact import Json
from sandbox.ids import Ids
from sandbox.switches import Switches

Change = tuple[str, str, Json]  # webhook object name, created | updated | deleted, body


@dataclass(slots=True)
class Writing:
    """One write on one company. `outside` means a person did it in the platform itself, past Rutter."""

    company: Company
    switches: Switches
    ids: Ids
    now: datetime
    changes: list[Change]
    key: str | None = None
    outside: bool = False

    @property
    def fresh(self) -> bool:
        """Whether Rutter's copy shows the result at once."""
        return self.switches.stale_reads == "fresh" or (not self.outside and self.switches.stale_reads == "outside")

    def shows(self, plural: str) -> bool:
        """Whether the copy shows a change at once; never one made by a person to a type that is not synced."""
        return self.fresh and not (self.outside and plural in self.company.unsynced)

    def tail(self) -> Json:
        """The fields every new object ends with."""
        stamp = iso(self.now)
        return {"created_at": stamp, "updated_at": stamp, "last_synced_at": stamp, "platform_url": None}

    def born(self) -> Json:
        """The fields every new object begins with."""
        return {"id": self.ids.uuid(), "platform_id": self.ids.platform_id()}

    def put(self, plural: str, body: Json) -> Json:
        """Store a new object."""
        self.company.shelves[plural].put(body, milliseconds(self.now), fresh=self.shows(plural), key=self.key)
        self.changes.append((plural, "created", body))
        return body

    def change(self, plural: str, body: Json, **fields: object) -> Json:
        """Store an object with some fields set anew."""
        stamp = iso(self.now)
        changed = {**body, **fields, "updated_at": stamp}
        shows = self.shows(plural)
        if shows:
            changed["last_synced_at"] = stamp
        self.company.shelves[plural].put(changed, milliseconds(self.now), fresh=shows)
        self.changes.append((plural, "updated", changed))
        return changed

    def delete(self, plural: str, object_id: str, resource: str) -> bool:
        """Delete an object, and tell it as an event; false when it was not there."""
        body = self.company.shelves[plural].get(object_id)
        if body is None:
            return False
        now_ms = milliseconds(self.now)
        self.company.shelves[plural].remove(object_id, now_ms, fresh=self.shows(plural))
        self.changes.append((plural, "deleted", body))
        self.company.deletions.append(
            Deletion(
                id=self.ids.uuid(),
                resource=resource,
                object_id=object_id,
                synced_ms=now_ms if self.shows(plural) else -1,
                stamp=iso(self.now),
            )
        )
        return True
