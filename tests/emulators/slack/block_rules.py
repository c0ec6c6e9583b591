"""Block Kit's rules as Slack enforces them: each problem with the JSON pointer to its place.

Limits: https://docs.slack.dev/reference/block-kit. The wording follows recorded answers of the Web API.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .element_rules import IN_ACTIONS, IN_INPUT, IN_SECTION, check_element
from .text_rules import check_id, check_keys, check_length, check_text

Json = dict[str, Any]
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
KEYS: dict[str, set[str]] = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "divider": set(),
    "context": {"elements"},
    "actions": {"elements"},
    "input": {"label", "element", "dispatch_action", "hint", "optional"},
    "image": {"alt_text", "image_url", "slack_file", "title"},
    "rich_text": {"elements"},
    "markdown": {"text"},
}
ONLY_IN_MESSAGES = {"markdown"}


def problems_of_blocks(blocks: Any, where: str, limit: int) -> list[str]:
    """All that is wrong with a list of blocks; empty where Slack would take it."""
    return [f"{text} [json-pointer:{place}]" for place, text in _check_blocks(blocks, where, limit)]


def _check_blocks(blocks: Any, where: str, limit: int) -> Iterator[tuple[str, str]]:
    if not isinstance(blocks, list):
        yield where, "must provide an array"
        return
    if len(blocks) > limit:
        yield where, f"no more than {limit} items allowed"
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        place = f"{where}/{index}"
        yield from _check_block(block, place, in_message=limit == MESSAGE_BLOCKS)
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(block_id, str) and block_id in seen:
            yield f"{place}/block_id", f'`block_id` "{block_id}" already exists'
        seen.add(str(block_id))


def _check_block(block: Any, where: str, in_message: bool) -> Iterator[tuple[str, str]]:
    if not isinstance(block, dict):
        yield where, "must provide an object"
        return
    kind = block.get("type")
    if kind not in KEYS or (kind in ONLY_IN_MESSAGES and not in_message):
        yield f"{where}/type", f"unsupported type: {kind}"
        return
    yield from check_keys(block, KEYS[kind] | {"type", "block_id"}, where)
    yield from check_id(block, "block_id", where)
    match kind:
        case "section":
            yield from _check_section(block, where)
        case "header":
            yield from check_text(block.get("text"), f"{where}/text", 150, plain_only=True)
        case "markdown":
            yield from check_length(block.get("text"), f"{where}/text", 12000)
        case "image":
            yield from _check_image(block, where)
        case "input":
            yield from _check_input(block, where)
        case "context":
            yield from _check_context(block, where)
        case "actions":
            yield from _check_actions(block, where)


def _check_section(block: Json, where: str) -> Iterator[tuple[str, str]]:
    if "text" not in block and "fields" not in block:
        yield where, "must define either `text` or `fields`"
    if "text" in block:
        yield from check_text(block["text"], f"{where}/text", 3000)
    if "fields" in block:
        fields = block["fields"] if isinstance(block["fields"], list) else []
        yield from _check_count(fields, f"{where}/fields", 10)
        for index, text in enumerate(fields):
            yield from check_text(text, f"{where}/fields/{index}", 2000)
    if "accessory" in block:
        yield from check_element(block["accessory"], f"{where}/accessory", IN_SECTION)


def _check_image(block: Json, where: str) -> Iterator[tuple[str, str]]:
    if "image_url" not in block and "slack_file" not in block:
        yield where, "missing required field: image_url"
    if "image_url" in block:
        yield from check_length(block["image_url"], f"{where}/image_url", 3000)
    yield from check_length(block.get("alt_text"), f"{where}/alt_text", 2000)
    if "title" in block:
        yield from check_text(block["title"], f"{where}/title", 2000, plain_only=True)


def _check_input(block: Json, where: str) -> Iterator[tuple[str, str]]:
    yield from check_text(block.get("label"), f"{where}/label", 2000, plain_only=True)
    if "hint" in block:
        yield from check_text(block["hint"], f"{where}/hint", 2000, plain_only=True)
    if "element" not in block:
        yield where, "missing required field: element"
    else:
        yield from check_element(block["element"], f"{where}/element", IN_INPUT)


def _check_context(block: Json, where: str) -> Iterator[tuple[str, str]]:
    elements = block.get("elements")
    yield from _check_count(elements, f"{where}/elements", 10)
    for index, element in enumerate(elements if isinstance(elements, list) else []):
        place = f"{where}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from check_element(element, place, {"image"})
        else:
            yield from check_text(element, place, 3000)


def _check_actions(block: Json, where: str) -> Iterator[tuple[str, str]]:
    elements = block.get("elements")
    yield from _check_count(elements, f"{where}/elements", 25)
    seen: set[str] = set()
    for index, element in enumerate(elements if isinstance(elements, list) else []):
        place = f"{where}/elements/{index}"
        yield from check_element(element, place, IN_ACTIONS)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id is not None and str(action_id) in seen:
            yield f"{place}/action_id", f'`action_id` "{action_id}" already exists'
        seen.add(str(action_id))


def _check_count(items: Any, where: str, most: int) -> Iterator[tuple[str, str]]:
    if not isinstance(items, list) or not items:
        yield where, "must provide at least 1 items"
    elif len(items) > most:
        yield where, f"no more than {most} items allowed"
