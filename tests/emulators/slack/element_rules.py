"""Block Kit's rules for what can be pressed, chosen or filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .text_rules import Problem, check_id, check_keys, check_length, check_text

Json = dict[str, Any]
SELECT = {"placeholder", "confirm", "focus_on_load"}
OPTIONS = {"options", "option_groups"}
INPUT = {"placeholder", "focus_on_load", "initial_value", "min_length", "max_length", "dispatch_action_config"}
KEYS: dict[str, set[str]] = {
    "button": {"text", "url", "value", "style", "confirm", "accessibility_label"},
    "image": {"image_url", "slack_file", "alt_text"},
    "overflow": {"options", "confirm"},
    "radio_buttons": {"options", "initial_option", "confirm", "focus_on_load"},
    "checkboxes": {"options", "initial_options", "confirm", "focus_on_load"},
    "static_select": SELECT | OPTIONS | {"initial_option"},
    "external_select": SELECT | {"initial_option", "min_query_length"},
    "users_select": SELECT | {"initial_user"},
    "conversations_select": SELECT
    | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
    "channels_select": SELECT | {"initial_channel", "response_url_enabled"},
    "multi_static_select": SELECT | OPTIONS | {"initial_options", "max_selected_items"},
    "multi_users_select": SELECT | {"initial_users", "max_selected_items"},
    "datepicker": SELECT | {"initial_date"},
    "timepicker": SELECT | {"initial_time", "timezone"},
    "datetimepicker": {"initial_date_time", "confirm", "focus_on_load"},
    "plain_text_input": INPUT | {"multiline"},
    "email_text_input": INPUT,
    "url_text_input": INPUT,
    "number_input": INPUT | {"is_decimal_allowed", "min_value", "max_value"},
}
SELECTS = {kind for kind in KEYS if kind.endswith("_select")}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
CHOICES = {"radio_buttons", "checkboxes"}
TEXT_INPUTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
IN_SECTION = {"button", "image", "overflow", "datepicker", "timepicker"} | SELECTS | CHOICES
IN_ACTIONS = {"button", "overflow"} | SELECTS | PICKERS | CHOICES
IN_INPUT = SELECTS | PICKERS | CHOICES | TEXT_INPUTS
MOST_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}


def check_element(element: Any, where: str, allowed: set[str]) -> Iterator[Problem]:
    if not isinstance(element, dict):
        yield where, "must provide an object"
        return
    kind = element.get("type")
    if kind not in allowed:
        yield f"{where}/type", f"unsupported type: {kind}"
        return
    yield from check_keys(element, KEYS[kind] | {"type", "action_id"}, where)
    yield from check_id(element, "action_id", where)
    if kind == "button":
        yield from _check_button(element, where)
    if kind == "image":
        yield from check_length(element.get("alt_text"), f"{where}/alt_text", 2000)
    if "placeholder" in element:
        yield from check_text(element["placeholder"], f"{where}/placeholder", 150, plain_only=True)
    if "options" in KEYS[kind]:
        yield from _check_choices(element, where, MOST_OPTIONS.get(kind, 100))
    if kind in TEXT_INPUTS:
        yield from _check_text_input(element, where)
    if "confirm" in element:
        yield from _check_confirm(element["confirm"], f"{where}/confirm")


def _check_button(button: Json, where: str) -> Iterator[Problem]:
    yield from check_text(button.get("text"), f"{where}/text", 75, plain_only=True)
    if "value" in button:
        yield from check_length(button["value"], f"{where}/value", 2000)
    if "url" in button:
        yield from check_length(button["url"], f"{where}/url", 3000)
    if "accessibility_label" in button:
        yield from check_length(button["accessibility_label"], f"{where}/accessibility_label", 75)
    if "style" in button and button["style"] not in ("primary", "danger"):
        yield f"{where}/style", "must be one of: primary, danger"


def _check_choices(element: Json, where: str, most: int) -> Iterator[Problem]:
    if "option_groups" in element:
        groups = element["option_groups"] if isinstance(element["option_groups"], list) else []
        for index, group in enumerate(groups):
            place = f"{where}/option_groups/{index}"
            yield from check_text(group.get("label"), f"{place}/label", 75, plain_only=True)
            yield from _check_options(group.get("options"), f"{place}/options", most)
    else:
        yield from _check_options(element.get("options"), f"{where}/options", most)
    known = [option["value"] for option in options_of(element)]
    chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    for option in chosen:
        if option.get("value") not in known:
            yield where, "the initial option is not among the options"


def _check_options(options: Any, where: str, most: int) -> Iterator[Problem]:
    if not isinstance(options, list) or not options:
        yield where, "must provide at least 1 items"
        return
    if len(options) > most:
        yield where, f"no more than {most} items allowed"
    for index, option in enumerate(options):
        place = f"{where}/{index}"
        if not isinstance(option, dict):
            yield place, "must provide an object"
            continue
        yield from check_keys(option, {"text", "value", "description", "url"}, place)
        yield from check_text(option.get("text"), f"{place}/text", 75)
        yield from check_length(option.get("value"), f"{place}/value", 150)
        if "description" in option:
            yield from check_text(option["description"], f"{place}/description", 75)


def _check_text_input(element: Json, where: str) -> Iterator[Problem]:
    longest = element.get("max_length", 3000)
    if not isinstance(longest, int) or not 1 <= longest <= 3000:
        yield f"{where}/max_length", "must be between 1 and 3000"
    elif len(str(element.get("initial_value", ""))) > longest:
        yield f"{where}/initial_value", f"must be less than {longest + 1} characters"
    shortest = element.get("min_length", 0)
    if not isinstance(shortest, int) or not 0 <= shortest <= 3000:
        yield f"{where}/min_length", "must be between 0 and 3000"


def _check_confirm(confirm: Any, where: str) -> Iterator[Problem]:
    if not isinstance(confirm, dict):
        yield where, "must provide an object"
        return
    yield from check_keys(confirm, {"title", "text", "confirm", "deny", "style"}, where)
    yield from check_text(confirm.get("title"), f"{where}/title", 100, plain_only=True)
    yield from check_text(confirm.get("text"), f"{where}/text", 300)
    yield from check_text(confirm.get("confirm"), f"{where}/confirm", 30, plain_only=True)
    yield from check_text(confirm.get("deny"), f"{where}/deny", 30, plain_only=True)


def options_of(element: Json) -> list[Json]:
    """Everything that can be chosen in it, groups included."""
    groups = element.get("option_groups") or []
    listed = list(element.get("options") or []) + [option for group in groups for option in group.get("options") or []]
    return [option for option in listed if isinstance(option, dict) and "value" in option]
