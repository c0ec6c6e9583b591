"""What a flow is: what it has to know, how it asks, what it says before and after it is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from actions.account_action import Speaker
from actions.backend.cases import Case, Refusal
from actions.backend.interface import Backend
from actions.forms.message import Message
from actions.forms.options import Option, chosen

Facts = TypeVar("Facts")
Known = Mapping[str, str]
"""What the customer has said so far, by slot."""


class EndsHereError(Exception):
    """There is nothing to go on with; what there is to say has been said."""


@dataclass(frozen=True)
class Doing:
    """Who asks for it, in which conversation, and the key under which it is done once."""

    backend: Backend
    customer_id: str
    key: str


class Flow(ABC, Generic[Facts]):
    """A conversation about one wish. Slots, form and words stand in the topic's file, under names with its prefix."""

    topic: ClassVar[str]
    slots: ClassVar[tuple[str, ...]]
    """What must be known, in the order in which it is asked."""
    again: ClassVar[Mapping[Refusal, str]] = {}
    """Which slot is asked anew when the operator refuses for such a reason; for others the form ends."""
    unclear: ClassVar[str] = "utter_form_unclear"
    """What is said to a message that means nothing to the form."""
    is_everyday: ClassVar[bool] = False
    """Is the general answer enough for who is not identified, so that nobody is asked who they are?"""
    cancel_is_unclear: ClassVar[bool] = False
    """May «cancela» mean the very thing the flow is about?"""

    @abstractmethod
    async def look_up(self, backend: Backend, customer_id: str) -> Facts:
        """What the operator knows that this is about."""

    def begin(self, facts: Facts, message: Message, speaker: Speaker) -> None:
        """Says what is to be said first; EndsHereError where nothing can be asked or done."""
        return

    def heard(self, facts: Facts, known: Known, speaker: Speaker) -> None:
        """Says what follows from what is known so far; EndsHereError where that is all."""
        return

    def options(self, slot: str, facts: Facts, known: Known, speaker: Speaker) -> Sequence[Option]:
        """What there is to choose from; nothing where the customer answers freely."""
        return ()

    def read(
        self, slot: str, message: Message, facts: Facts, known: Known, speaker: Speaker, is_asked: bool
    ) -> str | None:
        """What the message says about a slot; None when it says nothing."""
        options = self.options(slot, facts, known, speaker)
        return chosen(message, options, is_asked, known.get(slot)) if options else None

    def settled(self, slot: str, facts: Facts, known: Known, speaker: Speaker) -> str | None:
        """What needs no asking: the only option there is."""
        options = self.options(slot, facts, known, speaker)
        return options[0].value if len(options) == 1 else None

    async def check(self, doing: Doing, facts: Facts, known: Known) -> None:
        """RequestRefusedError where what is known can't be done. Called once everything is known."""
        return

    @abstractmethod
    def ask(self, slot: str, facts: Facts, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        """Puts the question about a slot."""

    @abstractmethod
    async def confirm(self, doing: Doing, facts: Facts, known: Known, speaker: Speaker) -> None:
        """Says what will be done, its price with tax and its consequence, and asks for the yes."""

    @abstractmethod
    async def carry_out(self, doing: Doing, facts: Facts, known: Known) -> Case:
        """Has it done."""

    def say_done(self, case: Case, facts: Facts, known: Known, speaker: Speaker) -> None:
        """Says that it is done, with its code."""
        day = speaker.day(case.due_on) if case.due_on else ""
        speaker.say(f"utter_{self.topic}_done", code=case.code, day=day)

    @property
    def form(self) -> str:
        return f"{self.topic}_form"

    def slot(self, name: str) -> str:
        """The slot's name in Rasa."""
        return f"{self.topic}_{name}"


def buttons_for(topic: str, options: Sequence[Option]) -> list[dict[str, str]]:
    """A button for each option; pressing it answers the form."""
    return [
        {"title": option.title, "payload": f'/{topic}{{"choice": "{option.value}"}}'}
        for option in options
        if option.title
    ]
