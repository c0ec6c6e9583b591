"""The looking part of the tests' client: what stands in the workspace, what was asked, what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from tests.patience import patient

from .seen import Json, Message, NotPossible, View

T = TypeVar("T")


class Looking:
    """Reads the workspace; the acting and breaking is added by the classes below it."""

    bot_id: str

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(verify=False, base_url=base_url, timeout=30, trust_env=False)

    def _do(self, verb: str, **arguments: Any) -> Any:
        answer = self._http.post(f"/control/{verb}", json=arguments)
        if answer.status_code == 409:
            raise NotPossible(answer.json()["error"])
        if answer.status_code != 200:
            raise ValueError(f"{verb}: {answer.text}")
        return answer.json()["result"]

    def channel_messages(self, channel: str) -> list[Message]:
        """What the channel shows now, oldest first."""
        return [Message.of(raw, self.bot_id) for raw in self._do("messages", channel=channel, thread_ts="")]

    def thread(self, message: Message) -> list[Message]:
        """The whole thread a message is in as it is now, its parent first."""
        thread_ts = message.thread_ts or message.ts
        raws = self._do("messages", channel=message.channel, thread_ts=thread_ts)
        return [Message.of(raw, self.bot_id) for raw in raws]

    def now(self, message: Message) -> Message | None:
        """The message as it is now; None where it is gone."""
        raw = self._do("message", channel=message.channel, ts=message.ts)
        return Message.of(raw, self.bot_id) if raw else None

    def cards(self, channel: str) -> list[Message]:
        """What the app itself wrote into the channel, outside of threads."""
        return [m for m in self.channel_messages(channel) if m.by_app and m.thread_ts in ("", m.ts)]

    def ephemerals(self, user: str = "", channel: str = "") -> list[Message]:
        """What was shown to this person only."""
        return [Message.of(raw, self.bot_id) for raw in self._do("ephemerals", user=user, channel=channel)]

    def view(self, user: str) -> View | None:
        """The modal before this person."""
        raw = self._do("view", user=user)
        return View.of(raw) if raw else None

    def home(self, user: str) -> View | None:
        raw = self._do("home", user=user)
        return View.of(raw) if raw else None

    def requests(self, method: str = "", *, since: int = 0) -> list[Json]:
        """Every call of the Web API: number, method, at, args, status, ok, error, fault, landed, answer.

        Here and below `since` leaves out as many of the first ones, of whatever kind.
        """
        return list(self._do("requests", method=method, since=since))

    def effects(self, kind: str = "", *, since: int = 0) -> list[Json]:
        """What the app changed: kind (post, update, delete, ephemeral, reaction, view, response), at, ts, body, …"""
        return list(self._do("effects", kind=kind, since=since))

    def events(self, *, since: int = 0) -> list[Json]:
        """Every event: event_id, type, payload, attempts, acknowledged, dropped (why), faults."""
        return list(self._do("events", since=since))

    def deliveries(self, *, since: int = 0) -> list[Json]:
        """Every attempt to bring something to the app: family, event_id, retry_attempt, acknowledged, reason, …"""
        return list(self._do("deliveries", since=since))

    def connections(self) -> Json:
        """`open` now, `opened` so far, `late_acks`."""
        return dict(self._do("connections"))

    def faults_fired(self) -> dict[str, int]:
        """How often each kind of fault struck, and each rule as `"<on> <kind>"`."""
        return dict(self._do("faults_fired"))

    def until(self, look: Callable[[], T | None], seconds: float = 10.0, what: str = "") -> T:
        """Look until there is something true to see, and give it."""
        end = time.monotonic() + patient(seconds)
        while True:
            seen = look()
            if seen:
                return seen
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what or 'what was waited for'}")
            time.sleep(0.03)

    def until_connected(self, seconds: float = 10.0) -> None:
        self.until(lambda: self.connections()["open"], seconds, "a Socket Mode connection")

    def until_delivered(self, seconds: float = 10.0) -> None:
        """Until no delivery of an event is under way any more."""
        self.until(lambda: self._do("deliveries_under_way") == 0, seconds, "the end of all deliveries")

    def until_said(self, message: Message, words: str, seconds: float = 10.0) -> Message:
        """Until somebody says this in the message's thread."""
        return self.until(
            lambda: next((m for m in self.thread(message) if words in m.words), None), seconds, f"{words!r} in thread"
        )

    def until_card(self, channel: str, words: str = "", seconds: float = 10.0) -> Message:
        """Until the app has a message in the channel that says this."""
        return self.until(
            lambda: next((m for m in self.cards(channel) if words in m.words), None), seconds, f"a card with {words!r}"
        )

    def until_view(self, user: str, seconds: float = 10.0) -> View:
        return self.until(lambda: self.view(user), seconds, "a modal")
