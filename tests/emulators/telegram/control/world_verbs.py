"""Verbs about the emulator itself: time, settings, faults, limits, and the queue of updates."""

from __future__ import annotations

from typing import Any

from tests.emulators.telegram.bot_api import BotApi
from tests.emulators.telegram.model import Json
from tests.emulators.telegram.polling import OTHER_POLLER


class WorldVerbs:
    """Each public method is a verb; its arguments come as JSON and its answer goes out as JSON."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._world = api.world

    def about(self) -> Json:
        return {"token": self._world.bot.token, "bot": self._world.bot.as_me(), "seed": self._world.seed}

    async def changes(self, after: int = -1, seconds: float = 0) -> int:
        """The number of the last change, once it is above `after` or the time is over."""
        await self._world.changes.wait(after, min(seconds, 30))
        return self._world.changes.number

    def configure(self, **settings: Any) -> Json:
        _set_known(self._world.settings, settings)
        return dict(vars(self._world.settings))

    def advance(self, seconds: float) -> float:
        self._world.clock.advance(seconds)
        self._world.changes.tell()
        return self._world.clock.now()

    def stand_still(self, still: bool) -> None:
        self._world.clock.stand_still(still)

    def bot_reads_groups(self, everything: bool) -> None:
        self._world.bot.reads_all_group_messages = everything

    def bot_card(self) -> Json:
        bot = self._world.bot
        return {
            "commands": bot.commands,
            "descriptions": bot.descriptions,
            "short_descriptions": bot.short_descriptions,
        }

    def calls(self, method: str = "", chat: int | None = None, after: int = 0) -> list[Json]:
        return [call.as_json() for call in self._world.journal.calls(method, chat, after)]

    def add_fault(self, **settings: Any) -> None:
        if settings.get("kind") == "conflict":
            settings.setdefault("methods", ["getUpdates"])
        self._world.faults.add(settings)

    def clear_faults(self, kind: str | None = None) -> None:
        self._world.faults.clear(kind)

    def fired(self) -> Json:
        return {**self._world.faults.fired, "flood_limit": self._world.limits.refused}

    def limit(self, **settings: Any) -> None:
        _set_known(self._world.limits, settings)

    def hold_updates(self, held: bool) -> None:
        self._world.updates.hold(held)

    def renumber_updates(self, next_id: int) -> None:
        self._world.updates.renumber(next_id)

    def push_update(self, body: Json, lane: str = "raw", lifetime: float = 86_400) -> int | None:
        """An update of any shape, for kinds that nobody here can cause."""
        update = self._world.updates.push("", body, lane, lifetime)
        return update.id if update else None

    def pending_updates(self) -> list[Json]:
        return [update.as_json() for update in self._world.updates.pending]

    def confirmed_updates(self) -> list[Json]:
        return [update.as_json() for update in self._world.updates.confirmed]

    def disturb_poller(self) -> None:
        """Another instance of the bot polls: the long poll in progress ends with 409."""
        self._api.polling.end(OTHER_POLLER)

    def is_polling(self) -> bool:
        return self._api.polling.is_waiting

    def deliveries(self) -> list[Json]:
        return self._api.webhook.deliveries

    def webhook_info(self) -> Json:
        return self._api.webhook.info()


def _set_known(target: Any, settings: Json) -> None:
    for name, value in settings.items():
        if name.startswith("_") or not hasattr(target, name):
            raise ValueError(f"no such setting: {name}")
        setattr(target, name, value)
