"""What a turn adds to the conversation's history. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.features import facts_told
from bot.hearing import Message
from bot.history import SAID_KEPT, History, Said
from bot.judgement import Judgement, Offer, Pause, Rules, Verdict


@dataclass(frozen=True)
class Outcome:
    """How a turn ended: what was judged, and what the assistant said of its own accord."""

    verdict: Verdict = None
    offered_person: bool = False  # it did not understand, and offered a person
    choices: tuple[str, ...] = ()  # it was unsure, and offered these topics


def remembered(history: History, message: Message, outcome: Outcome) -> History:
    """The history with this turn."""
    verdict = outcome.verdict
    if isinstance(verdict, Judgement):
        return history.after_a_person()
    if isinstance(verdict, Pause):
        return replace(history, abusive=1, pauses=history.pauses + 1, was_offered=None, choices=())
    kept = history.calmed() if message.calms_down else history
    said = Said(message.intent, message.stems, message.frustration, message.is_sure)
    offered = "not_understood" if outcome.offered_person else None
    return replace(
        kept,
        said=(*kept.said, said)[-SAID_KEPT:],
        turns=history.turns + 1,
        corrections=kept.corrections + ("corrects" in message.signs and not message.calms_down),
        unsolved=kept.unsolved + ("unsolved" in message.signs),
        not_understood=kept.not_understood + (not message.is_understood),
        abusive=history.abusive + isinstance(verdict, Rules),
        facts={} if message.calms_down else {name: told for name, told in facts_told(message, kept).items() if told},
        has_refused="refuses_person" in message.signs or (history.has_refused and "asks_person" not in message.signs),
        was_offered=verdict.reason if isinstance(verdict, Offer) else offered,
        choices=outcome.choices,
    )
