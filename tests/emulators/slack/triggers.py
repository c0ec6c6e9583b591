"""Trigger ids: proof that a person just did something, good for one view within three seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .clock import Clock, Ids
from .errors import SlackError
from .settings import Settings

SHAPE = re.compile(r"\d+\.\d+\.[0-9a-f]+")


@dataclass
class Trigger:
    user: str
    at: float
    view: str = ""
    used: bool = False


class Triggers:
    def __init__(self, ids: Ids, clock: Clock, settings: Settings) -> None:
        self._ids, self._clock, self._settings = ids, clock, settings
        self._given: dict[str, Trigger] = {}

    def give(self, user: str, view: str = "") -> str:
        """A new one for what `user` just did, in the view `view` if it was in one."""
        trigger_id = self._ids.trigger()
        self._given[trigger_id] = Trigger(user, self._clock.now(), view)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use it up, or refuse as Slack does."""
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise SlackError("expired_trigger_id" if SHAPE.fullmatch(trigger_id) else "invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.at > self._settings.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
