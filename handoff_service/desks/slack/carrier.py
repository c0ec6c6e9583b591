"""Carries out one job: says in Slack what the record has, in the channel's turn, its id and place noted before."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from handoff_service.desks.slack import threads, uploads
from handoff_service.desks.slack.api import Limited, NotSent, Refused, SlackApi, Unknown
from handoff_service.desks.slack.health import DeskHealth
from handoff_service.desks.slack.history import History
from handoff_service.desks.slack.jobs import Job, Jobs
from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.pacing import Pacer, Slots
from handoff_service.desks.slack.posts import News, next_post, sections
from handoff_service.desks.slack.reconciling import METADATA, find_sent
from handoff_service.desks.slack.words import DeskWords
from handoff_service.observability import tracing
from handoff_service.store.database import Store
from handoff_service.switchboard.files import Cabinet

log = structlog.get_logger()
T = TypeVar("T")
Json = dict[str, Any]


@dataclass
class Carrier:
    """The calls of each kind of job. What goes wrong with one is raised as one of the API's troubles."""

    api: SlackApi
    store: Store
    words: DeskWords
    jobs: Jobs
    cabinet: Cabinet
    health: DeskHealth
    history: History
    pacer: Pacer
    plain: set[str] = field(default_factory=set)  # handoffs whose blocks Slack refused

    async def carry_out(self, job: Job) -> None:
        """Do this one; returns when its outcome is in the record."""
        if job.kind == "probe":
            await self._probe(job.news)
        elif job.kind == "move":
            await self._move(job.news)
        elif job.kind == "update":
            await self._update(job.news)
        elif job.kind == "card":
            await self._post_card(job.news)
        elif job.kind == "lines":
            await self._post_lines(job.news)
        else:
            await self._post_files(job.news)

    async def _post_card(self, news: News) -> None:
        card = self.jobs.card(news)
        place = {"card_digest": card.digest}
        ts = await self._post(news, "card", card.text, card.blocks, place)
        self.history.begins_now(news.thread.handoff_id)
        await self._card_stands(news, ts, place)

    async def _card_stands(self, news: News, ts: str, place: Json) -> None:
        await self.store.run(threads.has_landed, news.thread.handoff_id, ts=ts, read_ts=ts, **place)
        log.info("slack_card_posted", handoff=news.thread.handoff_id)

    async def _post_lines(self, news: News) -> None:
        post = next_post(self.words, news)
        if post is None:
            return
        if post.text:
            with tracing.about(turn_id=post.turn_id):
                await self._post(news, "lines", post.text, post.blocks, post.place)
        await self.store.run(threads.has_landed, news.thread.handoff_id, **post.place)
        self.health.is_well(f"case {news.thread.handoff_id}")

    async def _post(self, news: News, kind: str, text: str, blocks: list[Json], place: Json) -> str:
        """Send one message; gives Slack's stamp of it."""
        handoff_id = news.thread.handoff_id
        sending = {"id": secrets.token_urlsafe(12), "kind": kind, "place": place}

        def call() -> Awaitable[Json]:
            return self.api.call(
                "chat.postMessage",
                channel=news.thread.channel,
                thread_ts=news.thread.ts,
                text=text,
                blocks=None if handoff_id in self.plain else blocks,
                metadata={"event_type": METADATA, "event_payload": {"id": sending["id"], "handoff": handoff_id}},
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )

        answer = await self._noted(news, sending, call)
        return str(answer["ts"])

    async def _noted(self, news: News, sending: Json, call: Callable[[], Awaitable[T]]) -> T:
        """The call's answer, in the channel's turn; what is sent is noted before, and where it surely did not happen,
        that is noted before the trouble goes on."""
        handoff_id, slots = news.thread.handoff_id, self.pacer.posts(news.thread.channel)
        await self.store.run(threads.begin_sending, handoff_id, sending, slots.wait())
        try:
            return await _in_turn(slots, call)
        except (Limited, NotSent, Refused):
            await self.store.run(threads.was_not_sent, handoff_id)
            raise

    async def _update(self, news: News) -> None:
        card = self.jobs.card(news)
        await self._edit(news, card.text, card.blocks)
        await self.store.run(threads.change, news.thread.handoff_id, card_digest=card.digest, tries=0)

    async def _move(self, news: News) -> None:
        """Another team has it now: leave word where the card stood, and begin anew in that team's channel."""
        handoff = news.view.handoff
        text = self.words.say("say.moved", code=handoff.code, team=escape(handoff.team))
        await self._edit(news, text, sections(text))
        await self.store.run(threads.moved, handoff.id, news.channel)

    async def _edit(self, news: News, text: str, blocks: list[Json]) -> None:
        """Let the card say this."""

        def call() -> Awaitable[Json]:
            return self.api.call(
                "chat.update",
                channel=news.thread.channel,
                ts=news.thread.ts,
                text=text,
                blocks=blocks,
                parse="none",
                link_names=False,
            )

        await _in_turn(self.pacer.edits, call)

    async def _post_files(self, news: News) -> None:
        batch = uploads.next_files(news)
        if batch is None:
            return
        place = {"files_seq": batch.seq}
        ids = await uploads.put_up(self.api, self.cabinet, batch)
        if ids:
            sending = {"id": "", "kind": "files", "place": place, "files": [each["id"] for each in ids]}
            await self._noted(news, sending, lambda: uploads.share(self.api, news.thread, ids))
        await self.store.run(threads.has_landed, news.thread.handoff_id, **place)

    async def _probe(self, news: News) -> None:
        """Find out whether what was sent without an answer stands in Slack; only then go on."""
        thread, sending = news.thread, news.thread.sending or {}
        try:
            found = await find_sent(self.api, thread, sending)
        except Refused as refused:
            if refused.error != "thread_not_found":
                raise
            found = None
        if found is None:
            await self.store.run(threads.was_not_sent, thread.handoff_id)
        elif sending.get("kind") == "card":
            await self._card_stands(news, found, dict(sending["place"]))
            self.history.read_soon(thread.handoff_id)  # somebody may have written below it meanwhile
        else:
            await self.store.run(threads.has_landed, thread.handoff_id, **sending["place"])
        log.info("slack_outcome_found", handoff=thread.handoff_id, kind=sending.get("kind"), landed=found is not None)


async def _in_turn(slots: Slots, call: Callable[[], Awaitable[T]]) -> T:
    """The call's answer; it leaves when the schedule lets it, and the schedule learns how long it took."""
    wait = slots.wait()
    while wait:
        await asyncio.sleep(wait)
        wait = slots.wait()
    slots.left()
    try:
        answer = await call()
    except Unknown:
        slots.lost()
        raise
    except Refused:
        slots.answered()
        raise
    slots.answered()
    return answer
