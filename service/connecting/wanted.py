"""What a person says of books that are to be connected: their alias, and the time zone that dates their documents."""

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from schemas.connections import Connection, ConnectionState
from schemas.mapping import Mapping
from schemas.platforms.registry import PLATFORMS
from service.configuration.named import Alias

UNCHOSEN: Final = "UNKNOWN"
"""The platform of a connection whose owner has not chosen one yet; the cautious default is planned for."""
LINK_NAMES: Final = {one.link_name: one.name for one in PLATFORMS.values()}
"""Rutter Link's name of a platform -> Rutter's own."""


class Wanted(BaseModel):
    """`platform`: Rutter Link's name (`xero`), None where the merchant chooses."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    alias: Alias
    time_zone: str
    platform: str | None = None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError('no time zone; use a name like "America/New_York"') from error
        return value

    @field_validator("platform")
    @classmethod
    def _known_platform(cls, value: str | None) -> str | None:
        if value and value not in LINK_NAMES:
            raise ValueError(f"no platform that is known here; one of {', '.join(sorted(LINK_NAMES))}")
        return value or None

    def connection(self, rutter_id: str, access_token: str, platform: str | None, *, ready: bool) -> Connection:
        """The connection to declare: nothing is mapped yet, so that what needs a mapping waits."""
        return Connection(
            alias=self.alias,
            rutter_id=rutter_id,
            platform=platform or (LINK_NAMES[self.platform] if self.platform else UNCHOSEN),
            time_zone=self.time_zone,
            home_currency=None,
            mapping=Mapping(),
            state=ConnectionState.READY if ready else ConnectionState.WAITING,
            access_token=access_token,
        )


def read_wanted(fields: object) -> Wanted | str:
    """From a form or a body; or one line that says what is wrong."""
    try:
        return Wanted.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = str(problem["loc"][0]).replace("_", " ") if problem["loc"] else "the form"
        return f"{where}: {problem['msg'].removeprefix('Value error, ')}"
