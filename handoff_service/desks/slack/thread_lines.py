"""Takes what was written, changed or deleted in a thread through to the switchboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import structlog

from handoff_service.desks.slack import relaying, threads
from handoff_service.desks.slack.api import SlackApi
from handoff_service.desks.slack.courtesies import Courtesies
from handoff_service.desks.slack.mrkdwn import to_plain
from handoff_service.desks.slack.payloads import Line
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.relaying import Written
from handoff_service.desks.slack.threads import Thread
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Store
from handoff_service.switchboard.files import LARGEST, MOST_PER_MESSAGE, Cabinet, FileRefused, StoredFile
from handoff_service.switchboard.inbox import Incoming
from handoff_service.switchboard.rules.text import clean

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass
class ThreadLines:
    """Who wrote it, in plain words, with its files; then one transaction."""

    api: SlackApi
    store: Store
    people: People
    courtesies: Courtesies
    cabinet: Cabinet
    words: DeskWords

    async def take(self, thread: Thread, line: Line, incoming: Incoming | None = None) -> None:
        """Carry out a line, or the edit of one. Raises `SlackTrouble` where Slack can't say who wrote it."""
        known = await self.store.read(threads.message_of, line.channel, line.ts)
        if known is not None and incoming is None and (line.edited_ts or "") <= (known.edited_ts or ""):
            return
        agent = await self.people.agent(line.user)
        await self.people.learn_mentioned(_MENTION.findall(line.text))
        text = clean(to_plain(line.text, self.people.name_of, line.emoji))
        files: list[StoredFile] | None = []
        if agent is not None and line.files and await self.store.run(relaying.goes_out, thread, line, agent, text):
            files = await self._fetch(thread, line)
        told = await self.store.run(relaying.take, incoming, thread, Written(line, agent, text, files))
        if told is not None:
            sentence = self.words.say(f"say.{told}", limit=relaying.LONGEST_REPLY, most=MOST_PER_MESSAGE)
            self.courtesies.tell(line.channel, line.user, sentence, line.thread_ts)
        self.courtesies.wake()

    async def delete(self, thread: Thread, channel: str, ts: str, user: str, incoming: Incoming | None = None) -> None:
        """Take back what was relayed of a line that is gone; its channel may be one that the card has left."""
        await self.store.run(relaying.delete, incoming, thread, channel, ts, user)

    async def _fetch(self, thread: Thread, line: Line) -> list[StoredFile] | None:
        """The line's files, kept; None if one of them is not taken."""
        if len(line.files) > MOST_PER_MESSAGE:
            return None
        kept = []
        for told in line.files:
            content = await self.api.download(told["url"], LARGEST) if told["size"] <= LARGEST else None
            if content is None:
                return None
            try:
                kept.append(await self.cabinet.keep(thread.conversation_id, told["name"], content))
            except FileRefused:
                return None
        return kept
