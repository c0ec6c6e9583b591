"""Slack's rules for modals and the App Home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .block_rules import VIEW_BLOCKS, problems_of_blocks
from .text_rules import Problem, check_keys, check_length, check_text

Json = dict[str, Any]
KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
MODAL_KEYS = KEYS | {"title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"}
LENGTHS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}


def problems_of_view(view: Any, kind: str) -> list[str]:
    """All that is wrong with a view of this kind ("modal" or "home")."""
    if not isinstance(view, dict):
        return ["must provide an object [json-pointer:/view]"]
    told = [f"{text} [json-pointer:{place}]" for place, text in _check(view, kind)]
    return told + problems_of_blocks(view.get("blocks"), "/view/blocks", VIEW_BLOCKS)


def _check(view: Json, kind: str) -> Iterator[Problem]:
    if view.get("type") != kind:
        yield "/view/type", f"must be {kind}"
    yield from check_keys(view, MODAL_KEYS if kind == "modal" else KEYS, "/view")
    for name, most in LENGTHS.items():
        if name in view:
            yield from check_length(view[name], f"/view/{name}", most, least=0)
    if kind == "home":
        return
    yield from check_text(view.get("title"), "/view/title", 24, plain_only=True)
    for name in ("submit", "close"):
        if view.get(name) is not None:
            yield from check_text(view[name], f"/view/{name}", 24, plain_only=True)
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    for index, block in enumerate(blocks or []):
        if isinstance(block, dict) and block.get("type") == "input" and not view.get("submit"):
            yield f"/view/blocks/{index}", "must define `submit` to use an `input` block in modals"
