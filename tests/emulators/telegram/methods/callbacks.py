"""answerCallbackQuery."""

from __future__ import annotations

from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.formatting.entities import utf16_length
from tests.emulators.telegram.methods.registry import method
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.updates import CALLBACK_LIFETIME
from tests.emulators.telegram.world import World

LONGEST_ANSWER = 200


@method("answerCallbackQuery")
def answer_callback_query(world: World, parameters: Parameters) -> bool:
    press = world.presses.get(parameters.text("callback_query_id"))
    if press is None or world.clock.now() - press.at > CALLBACK_LIFETIME:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(parameters.text("text")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {
        "text": parameters.text("text"),
        "show_alert": parameters.boolean("show_alert"),
        "url": parameters.text("url"),
    }
    world.changes.tell()
    return True
