"""What only the writer needs to see: reactions on their lines, and words meant for their eyes alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import structlog

from handoff_service.channels.arrival import Arrival, arrival_of
from handoff_service.desks.slack import threads
from handoff_service.desks.slack.api import Limited, Refused, SlackApi, SlackTrouble
from handoff_service.desks.slack.cards import button
from handoff_service.desks.slack.relaying import ASK, DELIVERED, FORM, WARNING, value_of_held
from handoff_service.desks.slack.threads import ThreadMessage
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Store, StoreUnavailable, Transaction

MOST_TRIES = 5
PAUSE = 2.0  # seconds after a call that failed
MOST_WAITING = 500
SWEEP = 5.0
LOOK_AGAIN = 0.5

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass
class Whisper:
    """Words for one person's eyes."""

    channel: str
    user: str
    text: str
    thread_ts: str | None
    response_url: str = ""
    tries: int = 0


@dataclass
class Courtesies:
    """Reactions and the question about a held line are owed by the record; other whispers are hints."""

    api: SlackApi
    store: Store
    words: DeskWords
    _whispers: deque[Whisper] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _is_waiting: bool = False  # for a message that is still on its way to the customer

    def tell(self, channel: str, user: str, text: str, thread_ts: str | None = None, response_url: str = "") -> None:
        """Tell somebody privately, soon."""
        self._whispers.append(Whisper(channel, user, text, thread_ts, response_url))
        self._wake.set()

    def wake(self) -> None:
        """Something may be owed."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._is_waiting = False
            is_done = False
            try:
                is_done = await self._round()
            except StoreUnavailable:
                log.warning("slack_courtesies_without_store")
            if not is_done:
                await asyncio.sleep(PAUSE)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_AGAIN if self._is_waiting else SWEEP)
            self._wake.clear()

    async def _round(self) -> bool:
        """Whether everything owed was given."""
        while self._whispers:
            whisper = self._whispers.popleft()
            if not await self._whisper(whisper):
                whisper.tries += 1
                if whisper.tries < MOST_TRIES:
                    self._whispers.append(whisper)
                return False
        for message, arrival in await self.store.read(_owed):
            if arrival is Arrival.UNDER_WAY:
                self._is_waiting = True
            elif not await self._show(message, arrival):
                return False
        return True

    async def _whisper(self, whisper: Whisper) -> bool:
        try:
            await self.api.call(
                "chat.postEphemeral",
                channel=whisper.channel,
                user=whisper.user,
                text=whisper.text,
                thread_ts=whisper.thread_ts,
            )
        except Limited as limited:
            await asyncio.sleep(limited.seconds)
            return False
        except Refused as refused:
            log.info("slack_whisper_refused", error=refused.error)
            if whisper.response_url:  # whoever is not in the channel can only be reached this way
                answer = {"response_type": "ephemeral", "replace_original": False, "text": whisper.text}
                with contextlib.suppress(SlackTrouble):
                    await self.api.respond(whisper.response_url, answer)
        except SlackTrouble:
            return False
        return True

    async def _show(self, message: ThreadMessage, arrival: Arrival) -> bool:
        mark = WARNING if arrival is Arrival.BLOCKED else str(message.mark)
        try:
            if mark == ASK:
                await self._ask(message)
            else:
                await self.api.call("reactions.add", channel=message.channel, timestamp=message.ts, name=mark)
        except Limited as limited:
            await asyncio.sleep(limited.seconds)
            return False
        except Refused as refused:
            if refused.error != "already_reacted":
                log.info("slack_mark_refused", error=refused.error)
        except SlackTrouble:
            return False
        await self.store.run(threads.unmark, message)
        return True

    async def _ask(self, message: ThreadMessage) -> None:
        """Whether a held line may go, asked of its writer."""
        if message.held is None:
            return
        thread = await self.store.read(threads.of_handoff, message.handoff_id)
        question = self.words.say(f"say.held_{message.held['why']}")
        value = value_of_held(message)
        buttons = [button(self.words, name, value) for name in ("send_held", "discard_held")]
        channel = thread.channel if thread and message.channel == FORM else message.channel
        await self.api.call(
            "chat.postEphemeral",
            channel=channel,
            user=message.user_id,
            thread_ts=thread.ts if thread and thread.channel == channel else None,
            text=question,
            blocks=[
                {"type": "section", "text": {"type": "mrkdwn", "text": question}},
                {"type": "actions", "elements": buttons},
            ],
        )


def _owed(tx: Transaction) -> list[tuple[ThreadMessage, Arrival]]:
    """What writers have yet to be shown; a line counts as delivered when it has arrived with the customer."""
    owed = []
    for message in threads.marked(tx):
        arrival = Arrival.ARRIVED
        if message.mark == DELIVERED and message.seq is not None:
            conversation_id = threads.conversation_of(tx, message.handoff_id)
            arrival = arrival_of(tx, conversation_id, message.seq)
        owed.append((message, arrival))
    return owed
