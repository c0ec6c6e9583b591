"""The sentences that teach: each in one place, enough of them, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.folding import fold
from bot.protocol import LANGUAGES
from bot.topic_text import Example, Place, Problem, TopicText

NAMES = {"es": "Spanish", "en": "English"}
AT_LEAST = 40
# What is said in a word or two has fewer ways to say it.
AT_LEAST_OF_THE_SHORT = 25
SHORT = {"affirm", "bot_identity", "cancel", "deny", "goodbye", "greeting", "thanks"}
_NO_DIFFERENCE = "case, accents, punctuation and usual abbreviations make no difference"


def repeated(examples: Iterable[Example]) -> Iterator[Problem]:
    """Sentences that stand twice, under two intents or under one."""
    first: dict[str, Example] = {}
    for example in examples:
        earlier = first.setdefault(fold(example.text), example)
        if earlier.intent != example.intent:
            yield Problem(
                example.place,
                f"«{example.text}» teaches {example.intent} here and {earlier.intent} at {earlier.place}; "
                f"keep it in one of the two ({_NO_DIFFERENCE})",
            )
        elif earlier is not example:
            yield Problem(
                example.place,
                f"«{example.text}» stands at {earlier.place} already; once is enough ({_NO_DIFFERENCE})",
            )


def without_language(topics: TopicText) -> Iterator[Problem]:
    """Blocks that don't say which language they are in."""
    for intent, language, place in topics.blocks:
        if language not in LANGUAGES:
            yield Problem(
                place, f"this block of {intent} does not say its language: `metadata: {{language: es}}` or en"
            )


def too_few(topics: TopicText) -> Iterator[Problem]:
    """Intents that lack a language, or have too few sentences in one to be recognised in it."""
    counts = Counter((example.intent, example.language) for example in topics.examples)
    places: dict[tuple[str, str | None], Place] = {}
    for intent, language, place in topics.blocks:
        places.setdefault((intent, language), place)
        places.setdefault((intent, None), place)
    for intent in {intent for intent, _, _ in topics.blocks}:
        needed = AT_LEAST_OF_THE_SHORT if intent in SHORT else AT_LEAST
        for language in LANGUAGES:
            count = counts[intent, language]
            if (intent, language) not in places:
                yield Problem(places[intent, None], f"{intent} has no examples in {NAMES[language]}")
            elif count < needed:
                yield Problem(
                    places[intent, language],
                    f"too few examples: {intent} has {count} in {NAMES[language]} and needs {needed}",
                )
