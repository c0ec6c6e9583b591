"""What a person filled into a modal, as `view.state.values`; what Slack's screen would refuse is refused here."""

from __future__ import annotations

from typing import Any

from .block_forms import elements_of
from .element_rules import TEXT_INPUTS, options_of
from .errors import NotPossible

Json = dict[str, Any]
STATELESS = {"button", "overflow"}
SINGLE_NAMES = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "multi_users_select": ("selected_users", "initial_users"),
}


def state_values(view: Json, filled: Json) -> Json:
    """The state of every input; `filled` maps block ids (or action ids) to what was typed or chosen."""
    values: Json = {}
    used: set[str] = set()
    for block in view["blocks"]:
        for element in elements_of(block):
            if element["type"] in STATELESS:
                continue
            name = block["block_id"] if block["block_id"] in filled else element["action_id"]
            used |= {name} & set(filled)
            state = state_of(element, filled.get(name))
            _check_required(block, state)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    if set(filled) - used:
        raise NotPossible(f"the view has no input {', '.join(sorted(set(filled) - used))}")
    return values


def state_now(blocks: list[Json], action: Json) -> Json:
    """The state of everything that can be chosen in these blocks when one of them was just used."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in STATELESS:
                continue
            used = (block["block_id"], element["action_id"]) == (action["block_id"], action["action_id"])
            chosen = {name: value for name, value in action.items() if name.startswith(("selected_", "value"))}
            state = {"type": element["type"], **chosen} if used else state_of(element, None)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def state_of(element: Json, given: Any) -> Json:
    """One element's state: what was given, else what it began with."""
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return {"type": kind, "value": _typed(element, given)}
    if "options" in element or "option_groups" in element:
        return {"type": kind} | _chosen(element, given)
    if kind in SINGLE_NAMES:
        selected, initial = SINGLE_NAMES[kind]
        return {"type": kind, selected: element.get(initial) if given is None else given}
    raise NotPossible(f"the emulator cannot fill in a {kind}")


def _typed(element: Json, given: Any) -> str | None:
    text = element.get("initial_value") if given is None else given
    if not text:
        return None
    if len(str(text)) > element.get("max_length", 3000):
        raise NotPossible(f"no more than {element.get('max_length', 3000)} characters fit in")
    if len(str(text)) < element.get("min_length", 0):
        raise NotPossible(f"at least {element['min_length']} characters are asked for")
    return str(text)


def _chosen(element: Json, given: Any) -> Json:
    options = {option["value"]: option for option in options_of(element)}
    many = element["type"] in ("checkboxes", "multi_static_select")
    if given is None:
        if many:
            return {"selected_options": element.get("initial_options", [])}
        return {"selected_option": element.get("initial_option")}
    picked = list(given) if many else [given]
    unknown = [value for value in picked if value not in options]
    if unknown:
        raise NotPossible(f"{unknown[0]!r} cannot be chosen; there are {', '.join(options)}")
    if many:
        return {"selected_options": [options[value] for value in picked]}
    return {"selected_option": options[given]}


def _check_required(block: Json, state: Json) -> None:
    content = [value for name, value in state.items() if name != "type"]
    if block.get("type") == "input" and not block.get("optional") and not any(content):
        raise NotPossible(f"please complete the required field {block['block_id']}")
