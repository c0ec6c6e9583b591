"""Words in braces: each has to be filled by a slot or by the program that says the answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.topic_text import Problem, TopicText, Variation
from bot.validation.programs import Programs

_FILLED = re.compile(r"{\w+}")
# Filled in everywhere.
_ALWAYS = {"operator"}
# The two titles, where the assistant asks which of two topics is meant.
_CLARIFYING = {"utter_clarify": {"first", "second"}}


def unfilled_in_topics(topics: TopicText, slots: Collection[str], programs: Programs) -> Iterator[Problem]:
    """Braces in the topics' answers that the customer would see as they stand."""
    own = {name for kind, name, _ in topics.definitions if kind == "slots"}
    said_by_rules = {name for kind, name, _ in topics.rule_steps if kind == "action"} - set(programs.responses)
    by_slots = _ALWAYS | own | set(slots)
    for variation in topics.variations:
        is_programs = variation.response not in said_by_rules
        filled = by_slots | (programs.values if is_programs else frozenset())
        who = "no slot and no program" if is_programs else "no slot"
        yield from _unfilled(variation, filled | _CLARIFYING.get(variation.response, set()), who)


def unfilled_in_switchboard(switchboard: TopicText, service: Programs) -> Iterator[Problem]:
    """Braces in the switchboard's sentences that it doesn't know."""
    for variation in switchboard.variations:
        yield from _unfilled(variation, _ALWAYS | service.values, "nothing in the switchboard")


def _unfilled(variation: Variation, filled: Collection[str], who: str) -> Iterator[Problem]:
    for name in sorted(variation.placeholders.difference(filled)):
        yield Problem(variation.place, f"{variation.response}: {who} fills {{{name}}}; is it misspelt?")
    if set(_FILLED.sub("", variation.text)) & set("{}"):
        yield Problem(
            variation.place, f"{variation.response}: braces hold one name, like {{operator}}, and nothing else"
        )
