"""What the bot did: every call to the Bot API with its time and outcome."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from tests.emulators.telegram.model import Json

KEPT = 100_000


@dataclass
class Call:
    """One call; `status` is None while it is unanswered, and `fault` names what was done to it."""

    number: int
    method: str
    chat: int | None
    parameters: dict[str, str]
    at: float
    status: int | None = None
    description: str = ""
    result: Any = None
    fault: str = ""
    carried_out: bool = False
    finished_at: float | None = None

    def as_json(self) -> Json:
        return dict(vars(self))


class Journal:
    """The calls in the order in which they came."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._count = 0

    def open(self, method: str, parameters: dict[str, str], at: float) -> Call:
        self._count += 1
        try:
            chat = int(parameters["chat_id"])
        except (KeyError, ValueError):
            chat = None
        call = Call(self._count, method, chat, parameters, at)
        self._calls.append(call)
        return call

    def calls(self, method: str = "", chat: int | None = None, after: int = 0) -> list[Call]:
        return [
            call
            for call in self._calls
            if call.number > after
            and (not method or call.method.lower() == method.lower())
            and (chat is None or call.chat == chat)
        ]
