"""How the desk says no, privately: each refusal of the switchboard in the agents' language."""

from __future__ import annotations

from handoff_service.desks.agents import NoSuchAgent
from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.words import DeskWords
from handoff_service.switchboard.conversations import StaleEpoch
from handoff_service.switchboard.handoffs import NoSuchHandoff, NoSuchTeam
from handoff_service.switchboard.promises import NoSuchPromise, PromiseRefused
from handoff_service.switchboard.rules.handoff import HandoffRefused, HeldByAnother, NotEnded, NotHeldByYou, NotOpen
from handoff_service.switchboard.snoozing import NoTimeToSnooze

REFUSALS = (
    NoTimeToSnooze,
    NoSuchPromise,
    PromiseRefused,
    HandoffRefused,
    StaleEpoch,
    NoSuchHandoff,
    NoSuchTeam,
    NoSuchAgent,
)
SENTENCES: dict[type[Exception], str] = {
    HeldByAnother: "held_by_another",
    NotHeldByYou: "not_held_by_you",
    NotOpen: "has_ended",
    NotEnded: "still_open",
    StaleEpoch: "changed_hands",
    NoSuchHandoff: "no_such_handoff",
    NoSuchTeam: "no_such_receiver",
    NoSuchAgent: "no_such_receiver",
    NoTimeToSnooze: "no_time_to_snooze",
    NoSuchPromise: "no_such_promise",
    PromiseRefused: "promise_refused",
}


def sentence_for(words: DeskWords, error: Exception) -> str:
    """Why not, and who has it."""
    name = SENTENCES.get(type(error), "changed_hands")
    holder = error.held.agent if isinstance(error, HandoffRefused) else None
    if name == "not_held_by_you" and holder is None:
        name = "take_it_first"
    return words.say(f"say.{name}", agent=escape(holder or ""))
