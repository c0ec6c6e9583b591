"""Carries out one job: says in Slack what the record has, in the channel's turn, its id and place noted before."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog

from handoff_service.desks.slack import attempts, uploads
from handoff_service.desks.slack.api import Limited, NotSent, Refused, SlackApi, Unknown
from handoff_service.desks.slack.health import DeskHealth
from handoff_service.desks.slack.history import History
from handoff_service.desks.slack.jobs import Job, Jobs
from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.pacing import Pacer, Slots
from handoff_service.desks.slack.posts import News, next_post, sections
from handoff_service.desks.slack.reconciling import METADATA, find_sent
from handoff_service.desks.slack.threads import Thread
from handoff_service.desks.slack.words import DeskWords
from handoff_service.observability import tracing
from handoff_service.store.database import Store, Transaction
from handoff_service.switchboard.files import Cabinet

LATE = 1.0  # seconds after its noted time that a call may leave at least, or a third of the grace

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")
Json = dict[str, Any]


class Overtaken(Exception):
    """The thread is not as it was when the job was chosen: another replica has gone on with it, or another team has
    it. Nothing was written."""


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
        sending = _sending("card", {"card_digest": card.digest})
        ts = await self._post(news, sending, card.text, card.blocks)
        self.history.begins_now(news.thread.handoff_id)
        await self._landed(news.thread, sending, ts)

    async def _post_lines(self, news: News) -> None:
        post = next_post(self.words, news)
        if post is None:
            return
        if post.text:
            sending = _sending("lines", post.place)
            with tracing.about(turn_id=post.turn_id):
                ts = await self._post(news, sending, post.text, post.blocks)
            await self._landed(news.thread, sending, ts)
        else:
            await self._write(attempts.needs_no_post, news.thread, **post.place)
        self.health.is_well(f"case {news.thread.handoff_id}")

    async def _post(self, news: News, sending: Json, text: str, blocks: list[Json]) -> str:
        """Send one message; gives Slack's stamp of it."""
        handoff_id = news.thread.handoff_id

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
        slots = self.pacer.posts(news.thread.channel)
        try:
            await self._noted_until_its_turn(news, sending, slots)
            return await _called(slots, call)
        except (Limited, NotSent, Refused, Overtaken):
            await self.store.run(attempts.was_not_sent, news.thread.handoff_id, sending["id"])
            raise

    async def _noted_until_its_turn(self, news: News, sending: Json, slots: Slots) -> None:
        """Note what leaves and when; again where it leaves much later, as after a standstill, unless another went on
        with the thread meanwhile. Raises `Overtaken`."""
        late = max(LATE, self.jobs.grace / 3)
        leaves_at = float("-inf")
        while time.monotonic() > leaves_at + late:
            wait = slots.wait()
            leaves_at = time.monotonic() + wait
            await self._write(attempts.begin_sending, news.thread, sending, news.view.handoff.team, wait)
            await _turn(slots)

    async def _landed(self, thread: Thread, sending: Json, ts: str) -> None:
        """What was sent stands in Slack, under this stamp."""
        is_card = sending.get("kind") == "card"
        place = sending["place"] | ({"ts": ts, "read_ts": ts} if is_card else {})
        await self._write(attempts.has_landed, thread.handoff_id, sending["id"], **place)
        if is_card:
            log.info("slack_card_posted", handoff=thread.handoff_id)

    async def _write(self, write: Callable[Concatenate[Transaction, P], bool], *args: P.args, **more: P.kwargs) -> None:
        """Carry this write out; raises `Overtaken` where it came too late."""
        if not await self.store.run(write, *args, **more):
            raise Overtaken

    async def _update(self, news: News) -> None:
        card = self.jobs.card(news)
        await self._edit(news, card.text, card.blocks)
        await self.store.run(attempts.was_edited, news.thread, card.digest)

    async def _move(self, news: News) -> None:
        """Another team has it now: leave word where the card stood, and begin anew in that team's channel."""
        handoff = news.view.handoff
        text = self.words.say("say.moved", code=handoff.code, team=escape(handoff.team))
        await self._edit(news, text, sections(text))
        await self._write(attempts.moved, news.thread, news.channel)

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

        await _turn(self.pacer.edits)
        await _called(self.pacer.edits, call)

    async def _post_files(self, news: News) -> None:
        batch = uploads.next_files(news)
        if batch is None:
            return
        ids = await uploads.put_up(self.api, self.cabinet, batch)
        place = {"files_seq": batch.seq}
        if not ids:
            await self._write(attempts.needs_no_post, news.thread, **place)
            return
        sending = _sending("files", place) | {"files": [each["id"] for each in ids]}
        await self._noted(news, sending, lambda: uploads.share(self.api, news.thread, ids))
        await self._landed(news.thread, sending, "")

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
            await self._write(attempts.was_not_sent, thread.handoff_id, sending["id"])
        else:
            await self._landed(thread, sending, found)
        if found is not None and sending.get("kind") == "card":
            self.history.read_soon(thread.handoff_id)  # somebody may have written below it meanwhile
        log.info("slack_outcome_found", handoff=thread.handoff_id, kind=sending.get("kind"), landed=found is not None)


def _sending(kind: str, place: Json) -> Json:
    """What is noted of something that is sent: an id to know it by, and the thread's place behind it."""
    return {"id": secrets.token_urlsafe(12), "kind": kind, "place": place}


async def _turn(slots: Slots) -> None:
    """Returns when the schedule lets a call leave."""
    wait = slots.wait()
    while wait:
        await asyncio.sleep(wait)
        wait = slots.wait()


async def _called(slots: Slots, call: Callable[[], Awaitable[T]]) -> T:
    """The call's answer; the schedule learns how long it took."""
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
