"""compose.yaml as Docker Compose would read it: YAML, then `${…}` from an environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "compose.yaml"
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<how>:[-?])(?P<what>[^}]*))?\}")


class MissingVariableError(LookupError):
    """A variable that the file insists on."""


@dataclass(frozen=True, slots=True)
class Service:
    """What of a service concerns a process."""

    command: tuple[str, ...]
    environment: dict[str, str]
    healthcheck: tuple[str, ...]
    document: dict[str, Any]


def read(environment: Mapping[str, str]) -> dict[str, Service]:
    """The services by name, with every variable filled in."""
    document = filled_in(yaml.safe_load(FILE.read_text()), environment)
    return {
        name: Service(
            command=tuple(service.get("command", ())),
            environment=dict(service.get("environment", {})),
            healthcheck=tuple(service.get("healthcheck", {}).get("test", ())),
            document=service,
        )
        for name, service in document["services"].items()
    }


def filled_in(value: Any, environment: Mapping[str, str]) -> Any:
    """The same with variables replaced, in texts at any depth.

    Raises:
        MissingVariableError: one of `${NAME:?…}` has no value.
    """
    if isinstance(value, dict):
        return {name: filled_in(inner, environment) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled_in(inner, environment) for inner in value]
    return _VARIABLE.sub(lambda found: _value(found, environment), value) if isinstance(value, str) else value


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    value = environment.get(found["name"], "")
    if value or found["how"] is None:
        return value
    if found["how"] == ":?":
        raise MissingVariableError(f"{found['name']}: {found['what']}")
    return found["what"]
