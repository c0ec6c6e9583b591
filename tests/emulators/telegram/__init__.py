"""An emulated Telegram for tests: the Bot API over real HTTP, and the people on the other side of it.

It knows nothing of the product. `python -m tests.emulators.telegram` runs it alone, `TelegramWorld` drives it:

    with TelegramWorld.in_thread() as world:            # or .as_process(), or TelegramWorld(url)
        start_the_bot(world.token, world.base_url)      # TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL
        ana = world.person("Ana", phone="34600111222")
        ana.starts()
        ana.chat.wait_for("Hola")
        ana.presses("Hablar con una persona")
        world.faults.lost_answer(methods=["sendMessage"], times=1)
        ana.writes("¿cuánto debo?")
        assert world.faults.fired["lost_answer"] == 1
        assert ana.chat.texts[-1] == "…"
"""

from __future__ import annotations

from tests.emulators.telegram.client import EmulatorError, TelegramWorld
from tests.emulators.telegram.handles import Chat, Group, Person
from tests.emulators.telegram.views import PressAnswer, Pressed, SeenAction, SeenCall, ShownButton, ShownMessage

__all__ = [
    "Chat",
    "EmulatorError",
    "Group",
    "Person",
    "PressAnswer",
    "Pressed",
    "SeenAction",
    "SeenCall",
    "ShownButton",
    "ShownMessage",
    "TelegramWorld",
]
