"""What Slack adds to accepted blocks, and where in them an element is."""

from __future__ import annotations

import copy
from typing import Any

from .clock import Ids

Json = dict[str, Any]


def completed(blocks: list[Json], ids: Ids) -> list[Json]:
    """The blocks as Slack stores them: every block and element has an id, every text its defaults."""
    stored = copy.deepcopy(blocks)
    for block in stored:
        block.setdefault("block_id", ids.short())
        for element in elements_of(block):
            element.setdefault("action_id", ids.short())
        _complete_texts(block)
    return stored


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    listed = list(block.get("elements") or []) if block.get("type") == "actions" else []
    listed += [block[name] for name in ("accessory", "element") if isinstance(block.get(name), dict)]
    return [element for element in listed if element.get("type") != "image"]


def find_element(blocks: list[Json], action_id: str, block_id: str = "") -> tuple[Json, Json] | None:
    """The block and the element with this action id; the first one where several have it."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    return None


def texts_of(blocks: list[Json]) -> list[str]:
    """Every text that stands in the blocks, in reading order."""
    found: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(blocks)
    return found


def _complete_texts(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for value in node.values():
            _complete_texts(value)
    elif isinstance(node, list):
        for value in node:
            _complete_texts(value)
