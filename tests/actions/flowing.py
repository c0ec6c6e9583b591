"""A conversation with one flow, as Rasa's form has it: validate, then ask for the first slot that is empty."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from actions.catalogue import FLOWS
from tests.actions.rendering import rendered
from tests.actions.running import Server, Turn, verification

Entities = tuple[tuple[str, Any], ...]


@dataclass
class Flowing:
    """Who talks, in which language, and where the form stands."""

    server: Server
    topic: str
    customer_id: str | None
    language: str = "es"
    conversation: str = field(default_factory=lambda: uuid.uuid4().hex)
    slots: dict[str, Any] = field(default_factory=dict)
    asked: str | None = None
    said: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    followed_by: str | None = None

    @property
    def is_over(self) -> bool:
        return self.asked is None

    @property
    def names(self) -> list[str]:
        return [message["response"] for message in self.said]

    @property
    def words(self) -> str:
        return rendered(self.said, self.language)

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for message in self.said for button in message["buttons"]]

    def say(self, text: str, *entities: tuple[str, Any], intent: str = "", turn_id: str | None = None) -> Flowing:
        """What the form makes of a message, and what it asks next."""
        turn_id = turn_id or uuid.uuid4().hex
        call = self._call(text, intent or self.topic, entities, turn_id)
        answer = self._run(f"validate_{self.topic}_form", call)
        self.said = list(answer["responses"])
        self.followed_by = next((event["name"] for event in answer["events"] if event["event"] == "followup"), None)
        filled = {event["name"]: event["value"] for event in answer["events"] if event["event"] == "slot"}
        self.slots.update({name: value for name, value in filled.items() if name != "requested_slot"})
        if not filled:  # declined: another rule has answered, and Rasa puts the question again
            self.events += [{"event": "user"}, {"event": "action_execution_rejected", "name": f"{self.topic}_form"}]
            self._ask(text, intent, entities, turn_id)
            return self
        self.events.append({"event": "user"})
        if "requested_slot" in filled:
            self.asked = None
            return self
        self._ask(text, intent, entities, turn_id)
        return self

    def yes(self, **other: Any) -> Flowing:
        return self.say("sí", intent="affirm", **other)

    def _ask(self, text: str, intent: str, entities: Entities, turn_id: str) -> None:
        flow = next(flow for flow in FLOWS if flow.topic == self.topic)
        self.asked = next(flow.slot(slot) for slot in (*flow.slots, "confirmed") if not self.slots.get(flow.slot(slot)))
        call = self._call(text, intent or self.topic, entities, turn_id)
        self.said += self._run(f"action_ask_{self.topic}_form_{self.asked}", call)["responses"]

    def _call(self, text: str, intent: str, entities: Entities, turn_id: str) -> Turn:
        token = None
        if self.customer_id is not None:
            token = verification(self.customer_id, cid=self.conversation, tid=turn_id)
        return Turn(
            text,
            intent,
            language=self.language,
            turn_id=turn_id,
            conversation=self.conversation,
            verification=token,
            slots=tuple(self.slots.items()),
            asked=self.asked,
            entities=entities,
            events=tuple(self.events),
        )

    def _run(self, action: str, turn: Turn) -> Any:
        answer = self.server.post(json.dumps(turn.call(action)).encode())
        assert answer.status == 200, answer
        return answer.body
