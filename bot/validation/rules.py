"""What the assistant does: every intent has a rule, every rule is about something that exists."""

from __future__ import annotations

from collections.abc import Iterator

from bot.judgement import HUMAN
from bot.topic_text import Place, Problem, TopicText
from bot.validation.programs import Programs

# What a person is wanted for is said by the switchboard, so these need no rule.
_ANSWERED_ELSEWHERE = {HUMAN}
_FALLBACK = "nlu_fallback"
_RASAS_OWN = {
    "action_back",
    "action_deactivate_loop",
    "action_default_ask_affirmation",
    "action_default_ask_rephrase",
    "action_default_fallback",
    "action_extract_slots",
    "action_listen",
    "action_restart",
    "action_session_start",
    "action_unlikely_intent",
}


def intents_without_rule(topics: TopicText) -> Iterator[Problem]:
    """Intents upon which nothing happens."""
    ruled = {name for kind, name, _ in topics.rule_steps if kind == "intent"} | _ANSWERED_ELSEWHERE
    seen: set[str] = set()
    for intent, _, place in topics.blocks:
        if intent not in ruled and intent not in seen:
            yield Problem(place, f"nothing happens when a customer wants {intent}: it needs a rule")
        seen.add(intent)


def about_nothing(topics: TopicText) -> Iterator[Problem]:
    """Steps of rules that name an intent, an answer or an action that isn't there."""
    intents = {intent for intent, _, _ in topics.blocks} | {_FALLBACK}
    responses = {variation.response for variation in topics.variations}
    forms = {name for kind, name, _ in topics.definitions if kind == "forms"}
    actions = forms | {name for name, _ in topics.actions} | _RASAS_OWN
    for kind, name, place in topics.rule_steps:
        if kind == "intent" and name not in intents:
            yield Problem(place, f"the rule waits for {name}, which has no examples")
        elif kind == "action" and name.startswith("utter_"):
            if name not in responses:
                yield Problem(place, f"the rule says {name}, which has no words under `responses`")
        elif kind == "action" and name not in actions:
            yield Problem(place, f"the rule runs {name}, which stands under no `actions` and is no form")


def answers_of_programs(topics: TopicText, programs: Programs) -> Iterator[Problem]:
    """Answers that a program gives and that have no words."""
    responses = {variation.response for variation in topics.variations}
    for name, place in programs.responses.items():
        if name not in responses:
            yield Problem(place, f"the program says {name}, which has no words under `responses` of any topic")


def defined_twice(topics: TopicText) -> Iterator[Problem]:
    """Slots, forms and responses that stand in two places."""
    first: dict[tuple[str, str], Place] = {}
    for kind, name, place in topics.definitions:
        earlier = first.setdefault((kind, name), place)
        if earlier != place:
            yield Problem(place, f"{name} stands under `{kind}` here and at {earlier}; keep one")
