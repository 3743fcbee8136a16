"""The database roles of docs/operating.md, made with the SQL that stands there."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tools.parts.postgres_databases import libpq_url

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"


@dataclass(frozen=True, slots=True)
class Urls:
    """One database, as the owner and as the role that reads and writes rows."""

    owner: str
    app: str


@contextmanager
def two_roles(superuser: str) -> Iterator[Urls]:
    """Run the page's second block in the database of this URL, with roles of a name of their own; drop them after."""
    mark, password = secrets.token_hex(4), secrets.token_urlsafe(12)
    grants = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]
    roles = {name: f"{name}_{mark}" for name in ("ledgerhook_owner", "ledgerhook_app")}
    for name, own in roles.items():
        grants = grants.replace(name, own)
    with psycopg.connect(libpq_url(superuser), autocommit=True) as connection:
        for own in roles.values():
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(own), sql.Literal(password))
            connection.execute(create)
        try:
            connection.execute(grants.encode())
            owner, app = (make_url(superuser).set(username=own, password=password) for own in roles.values())
            yield Urls(owner.render_as_string(hide_password=False), app.render_as_string(hide_password=False))
        finally:
            for own in roles.values():
                connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(own)))
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(own)))
