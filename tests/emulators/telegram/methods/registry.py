"""The methods of the Bot API by name; names count in any case, as at Telegram."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World

Method = Callable[[World, Parameters], Any]
_METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Method], Method]:
    """Make the function answer to these names. It gives back the `result` or raises ApiError."""

    def register(function: Method) -> Method:
        for name in names:
            _METHODS[name.lower()] = function
        return function

    return register


def find(name: str) -> Method | None:
    return _METHODS.get(name.lower())
