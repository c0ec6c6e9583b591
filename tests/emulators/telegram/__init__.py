"""An emulated Telegram for tests: the Bot API over real HTTP, and the people on the other side of it.

It knows nothing of the product. `TelegramWorld` drives it; `python -m tests.emulators.telegram` runs it alone.
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
