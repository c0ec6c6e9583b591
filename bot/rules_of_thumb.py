"""How assistants usually decide whom to hand over, to compare with: a keyword, two failures, a lexicon of anger."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.conversations import Conversation
from bot.folding import fold
from bot.judgement import Course
from bot.scoring import Came

Rule = Callable[[str, Sequence[Course]], bool]
_KEYWORD = re.compile(
    r"\b(agente|agent|persona|person|humano|human|asesor|asesora|advisor|adviser|operador|operadora|operator|"
    r"representante|representative|supervisor|encargado|manager)\b"
)
_ANGER = ("anger", "insult", "swearing")


def keyword(text: str, courses: Sequence[Course]) -> bool:
    """Is one of the usual words in the message?"""
    return bool(_KEYWORD.search(fold(text)))


def two_failures(text: str, courses: Sequence[Course]) -> bool:
    """A keyword, or two messages in a row that were not understood."""
    has_failed_twice = len(courses) > 1 and not any(course.message.is_understood for course in courses[-2:])
    return keyword(text, courses) or has_failed_twice


def lexicon(text: str, courses: Sequence[Course]) -> bool:
    """Those, or a word of anger."""
    return two_failures(text, courses) or any(sign in courses[-1].message.mood_signs for sign in _ANGER)


RULES: dict[str, Rule] = {
    "keyword": keyword,
    "keyword + 2 failures": two_failures,
    "+ lexicon of anger": lexicon,
}


def came_by(rule: Rule, conversation: Conversation, courses: Sequence[Course]) -> Came:
    """When a person would have come by this rule."""
    for at, text in enumerate(conversation.turns, 1):
        if rule(text, courses[:at]):
            return Came(conversation, at)
    return Came(conversation, None)
