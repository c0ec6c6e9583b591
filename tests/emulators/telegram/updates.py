"""The bot's queue of updates: numbered, kept for a while, confirmed by offset."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.emulators.telegram.clock import Clock
from tests.emulators.telegram.model import Json

A_DAY = 86_400
CALLBACK_LIFETIME = 150
EVERY_KIND = {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "chat_boost",
    "removed_chat_boost",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
}
SENT_BY_DEFAULT = EVERY_KIND - {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Update:
    """One update; `lane` is the queue whose order a webhook keeps."""

    id: int
    kind: str
    body: Json
    lane: str
    expires_at: float

    def as_json(self) -> Json:
        return {"update_id": self.id, **({self.kind: self.body} if self.kind else self.body)}


class UpdateQueue:
    """What waits for the bot, in the order of its numbers."""

    def __init__(self, clock: Clock, chance: random.Random, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self.next_id = chance.randrange(100_000_000, 900_000_000)
        self.allowed = set(SENT_BY_DEFAULT)
        self.held = False
        self.pending: list[Update] = []
        self.confirmed: list[Update] = []

    def allow(self, kinds: list[str] | None) -> None:
        """None leaves it as it is; an empty list, or one with no known name, means the default."""
        if kinds is not None:
            known = {kind.lower() for kind in kinds} & EVERY_KIND
            self.allowed = known or set(SENT_BY_DEFAULT)

    def push(self, kind: str, body: Json, lane: str, lifetime: float = A_DAY) -> Update | None:
        """Queue an update, unless the bot does not want its kind. A kind of "" takes the body as it is."""
        if kind and kind not in self.allowed:
            return None
        update = Update(self.next_id, kind, body, lane, self._clock.now() + lifetime)
        self.next_id += 1
        self.pending.append(update)
        self._changed()
        return update

    def waiting(self) -> list[Update]:
        """What is due now: nothing while held back, and nothing that has expired."""
        now = self._clock.now()
        self.pending = [update for update in self.pending if update.expires_at > now]
        return [] if self.held else list(self.pending)

    def fetch(self, offset: int, limit: int) -> list[Update]:
        """Confirm what lies before the offset and hand out what follows.

        As the Bot API server does: a negative offset keeps only that many of the last, and an offset far beyond the
        last number confirms nothing and reads from the start.
        """
        if offset < 0:
            self._confirm(self.pending[:offset])
        elif 0 < offset <= self.next_id + 10:
            self._confirm([update for update in self.pending if update.id < offset])
        return self.waiting()[:limit]

    def forget(self, update: Update) -> None:
        """A webhook took it."""
        self._confirm([waiting for waiting in self.pending if waiting is update])

    def drop(self) -> None:
        self.pending.clear()
        self._changed()

    def hold(self, held: bool) -> None:
        self.held = held
        self._changed()

    def renumber(self, next_id: int) -> None:
        """Go on with another number, as Telegram does after a week without updates."""
        self.next_id = next_id

    def _confirm(self, updates: list[Update]) -> None:
        if updates:
            gone = {id(update) for update in updates}
            self.pending = [update for update in self.pending if id(update) not in gone]
            self.confirmed.extend(updates)
            self._changed()
