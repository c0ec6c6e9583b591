"""The compose files as Compose sees them: what is extended put together, variables kept as they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FILES = [DEPLOY / "compose.yml", DEPLOY / "compose.replicas.yml"]
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")


@dataclass(frozen=True)
class Variable:
    """`${NAME}` with what stands in for it: a default (`-`), a refusal (`?`), or nothing."""

    name: str
    otherwise: str
    words: str


@cache
def parsed(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(file.read_text())
    return read


def services(file: Path) -> dict[str, dict[str, Any]]:
    return {name: _extended(file, service) for name, service in parsed(file)["services"].items()}


def variables(file: Path) -> list[Variable]:
    """Those of the file and of what it extends; a dollar for the container's shell is none."""
    text = file.read_text() + (DEPLOY / "parts.yml").read_text()
    return [Variable(*found) for found in _VARIABLE.findall(text.replace("$$", ""))]


def with_defaults(value: str) -> str:
    """As Compose has it where nothing is set."""
    return _VARIABLE.sub(lambda found: found[3] if found[2] == "-" else "", value)


def _extended(file: Path, service: dict[str, Any]) -> dict[str, Any]:
    """By Compose's rules for what is used here: mappings and lists are added to, the rest is replaced."""
    if "extends" not in service:
        return service
    source = service["extends"]
    other = file.parent / source["file"]
    merged = dict(_extended(other, parsed(other)["services"][source["service"]]))
    for key, value in service.items():
        if key == "extends":
            continue
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = {**merged[key], **value}
        elif isinstance(value, list) and key in ("volumes", "tmpfs") and key in merged:
            merged[key] = [*merged[key], *value]
        else:
            merged[key] = value
    return merged
