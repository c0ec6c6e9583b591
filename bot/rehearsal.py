"""Conversations played through the real assistant, without network: actions answer with their own name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.conduct import conduct
from bot.conversations import Conversation
from bot.judge_kept import Equipped
from bot.judgement import Course, Judge, Judgement, Verdict
from bot.protocol import Turn
from bot.quickness import hurry


class StandIn(EndpointConfig):
    """An action server that says which action it was, and takes what a form was told as it is."""

    async def request(self, *_: Any, **call: Any) -> dict[str, Any]:
        """What the action returns."""
        body = call.get("json") or {}
        name = str(body.get("next_action"))
        if name.startswith("validate_"):
            return {"events": [], "responses": []}
        return {"events": [], "responses": [{"text": name}]}


@dataclass(frozen=True)
class Played:
    """How a conversation went: at which message a person came, if one did, and why."""

    conversation: Conversation
    came_at: int | None
    judgement: Judgement | None
    paused_at: int | None = None
    frustrations: tuple[float, ...] = ()

    @property
    def is_right(self) -> bool:
        """Did a person come when one was needed, or rightly not at all?"""
        return self.conversation.is_right(self.came_at)


@dataclass(frozen=True)
class Onlooker(Judge):
    """Calls nobody, and keeps what there was to judge by at each message."""

    courses: list[Course] = field(default_factory=list)

    def judge(self, course: Course) -> Verdict:
        """Keep the course."""
        self.courses.append(course)
        return None

    def judge_form(self, asked_in_vain: int) -> Judgement | None:
        """Call nobody."""
        return None


class Rehearsal:
    """A model at work without a server, a memory on disk or a network."""

    def __init__(self, model: str) -> None:
        """Load the model."""
        hurry()
        agent = Agent.load(model, action_endpoint=StandIn("http://stand-in.invalid"))
        if agent.processor is None:
            raise ValueError(f"{model} is no model")
        self._processor: MessageProcessor = agent.processor
        self._play = 0

    def play_all(self, conversations: Sequence[Conversation], equipped: Equipped) -> list[Played]:
        """Play them, each until a person comes or the conversation is paused."""
        return [asyncio.run(self._until_a_person(one, equipped)) for one in conversations]

    def look_on(self, conversations: Sequence[Conversation], equipped: Equipped) -> list[list[Course]]:
        """Play them to their ends with nobody called, and return what there was to judge by at each message."""
        return [asyncio.run(self._to_the_end(one, equipped)) for one in conversations]

    async def _until_a_person(self, conversation: Conversation, equipped: Equipped) -> Played:
        frustrations: list[float] = []
        self._begin()
        for at, text in enumerate(conversation.turns, 1):
            answer = await self._take(conversation, text, at, equipped)
            frustrations.append(answer["frustration"] or 0.0)
            if answer["handoff"]:
                return Played(conversation, at, _judgement(answer["handoff"]), None, tuple(frustrations))
            if answer["pause"]:
                return Played(conversation, None, None, at, tuple(frustrations))
        return Played(conversation, None, None, None, tuple(frustrations))

    async def _to_the_end(self, conversation: Conversation, equipped: Equipped) -> list[Course]:
        judge = equipped.judge
        onlooker = Onlooker(judge.weights, judge.needs, judge.policy)
        self._begin()
        for at, text in enumerate(conversation.turns, 1):
            await self._take(conversation, text, at, replace(equipped, judge=onlooker))
        return onlooker.courses

    def _begin(self) -> None:
        self._play += 1
        self._processor.tracker_store = InMemoryTrackerStore(self._processor.domain)

    async def _take(self, conversation: Conversation, text: str, at: int, equipped: Equipped) -> dict[str, Any]:
        turn = Turn(
            turn_id=f"{self._play}-{at}",
            conversation_id=conversation.id,
            channel="rehearsal",
            text=text,
            payload=None,
            language=conversation.language,
            operator="",
            customer_name=None,
            verification=None,
        )
        conducted = await conduct(self._processor, turn, equipped)
        await self._processor.tracker_store.save(conducted.tracker)
        return conducted.answer


def _judgement(handoff: dict[str, Any]) -> Judgement:
    from bot.judgement import Signal

    return Judgement(handoff["reason"], handoff["priority"], tuple(Signal(**signal) for signal in handoff["signals"]))
