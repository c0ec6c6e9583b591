"""What a customer reads: the responses of an action filled into the trainers' sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TOPICS = Path(__file__).resolve().parents[2] / "data" / "topics"
PLACEHOLDER = re.compile(r"{(\w+)}")
IN_ENGLISH = [{"type": "slot", "name": "language", "value": "en"}]


@cache
def all_responses() -> Mapping[str, list[dict[str, Any]]]:
    responses: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(TOPICS.rglob("*.yml")):
        responses.update(yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {})
    return responses


def variations(name: str, language: str) -> list[dict[str, Any]]:
    wanted = IN_ENGLISH if language == "en" else None
    return [variation for variation in all_responses()[name] if variation.get("condition") == wanted]


def rendered(said: Sequence[Mapping[str, Any]], language: str = "es") -> str:
    """All messages as one text. A sentence or a value that is missing fails the test."""
    return "\n".join(_rendered_one(message, language) for message in said)


def _rendered_one(message: Mapping[str, Any], language: str) -> str:
    """The first variation; every other one must find its values too."""
    first, *others = variations(message["response"], language)
    for variation in (first, *others):
        for name in PLACEHOLDER.findall(variation["text"]):
            assert name == "operator" or message[name], f"{message['response']} says {{{name}}}, which is not there"
    text: str = first["text"].format(**{"operator": "Alborada", **message})
    return text
