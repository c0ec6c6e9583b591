"""Three lines that save an agent the reading: who it is, what they want, what was done. Nothing in them is invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from handoff_service.case_words import CaseWords
from handoff_service.switchboard.rules.mood import Mood
from handoff_service.switchboard.rules.sensitive import masked

LONGEST_QUOTE = 160  # characters
MOST_TOPICS = 3
SURE = 0.45  # below this the assistant asked back instead of answering
SMALL_TALK = frozenset(["greeting", "thanks", "goodbye", "affirm", "deny", "bot_identity", "out_of_scope", "cancel"])
WANTS_PERSON = "human"
_CODE = re.compile(r"\b[A-Z]{1,4}-[A-Z0-9]{5,10}\b")
_MONTHS = (
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_DATE = re.compile(
    rf"\b\d{{1,2}} (?:de )?(?:{_MONTHS})(?: (?:de )?\d{{4}})?\b|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b", re.I
)


@dataclass(frozen=True)
class Line:
    """A message of the conversation: `topic` is what the assistant took a customer's message for, if it read it."""

    author: str
    text: str
    topic: str | None = None
    confidence: float | None = None
    has_file: bool = False

    @property
    def is_understood(self) -> bool:
        """Whether the assistant was sure enough to act on it; a pressed button always is."""
        return self.topic is not None and (self.confidence is None or self.confidence >= SURE)

    @property
    def is_matter(self) -> bool:
        """Whether it says something about what is wanted."""
        return self.author == "customer" and self.topic not in SMALL_TALK and self.topic != WANTS_PERSON


@dataclass(frozen=True)
class Told:
    """What the record has of the conversation up to its handoff."""

    name: str | None
    is_verified: bool
    channel: str
    language: str
    lines: Sequence[Line]
    failed_turns: int = 0
    mood: Mood | None = None
    is_appeal: bool = False


def summarise(told: Told, words: CaseWords) -> str:
    """Who, what they want, and what was tried and promised: a line each."""
    return "\n".join([_who(told, words), _wants(told, words), _so_far(told, words)])


def _who(told: Told, words: CaseWords) -> str:
    name = told.name or words.say("summary.unknown")
    verified = words.say("summary.verified" if told.is_verified else "summary.not_verified")
    channel, language = words.called("channels", told.channel), words.called("languages", told.language)
    who = words.say("summary.who", name=name, verified=verified, channel=channel, language=language)
    if told.mood is None:
        return who
    return f"{who} · {words.say('summary.mood', mood=mood_in_words(told.mood, words))}"


def mood_in_words(mood: Mood, words: CaseWords) -> str:
    """How the customer is, and whether it gets worse."""
    called = words.called("moods", mood.level.value)
    return words.say("mood_rising", mood=called) if mood.is_rising else called


def _wants(told: Told, words: CaseWords) -> str:
    if told.is_appeal:
        return words.say("summary.wants", wants=words.say("summary.appeals"))
    said = [line for line in told.lines if line.author == "customer" and line.text]
    matters = [line for line in said if line.is_matter]
    topics = _topics(matters, words)
    asked_only = not matters and any(line.topic == WANTS_PERSON for line in said)
    named = topics or ([words.say("summary.wants_person")] if asked_only else [])
    quoted = matters or [line for line in said if line.topic != WANTS_PERSON] or said
    parts = [words.enumeration(named), f"«{_short(masked(quoted[-1].text))}»" if quoted else ""]
    return words.say("summary.wants", wants=". ".join(filter(None, parts)))


def _topics(lines: Sequence[Line], words: CaseWords) -> list[str]:
    """What these messages are about, each once, the latest ones."""
    seen = dict.fromkeys(words.called("topics", line.topic) for line in reversed(lines) if line.is_understood)
    return list(reversed(list(seen)[:MOST_TOPICS]))


def _so_far(told: Told, words: CaseWords) -> str:
    answered = _topics(_answered(told.lines), words)
    misread = sum(1 for line in told.lines if line.topic is not None and not line.is_understood)
    files = sum(line.has_file for line in told.lines if line.author == "customer")
    done = [words.say("summary.answered", topics=words.enumeration(answered))] if answered else []
    counted = {"not_understood": misread, "failed": told.failed_turns, "files": files}
    done += [words.count(f"summary.{name}", n) for name, n in counted.items() if n]
    done += _promises(told.lines, words)
    return words.say("summary.so_far", done="; ".join(done) or words.say("summary.nothing"))


def _answered(lines: Sequence[Line]) -> list[Line]:
    """The customer's messages to which the assistant said something next."""
    found = []
    for line, following in pairwise(lines):
        if line.is_matter and line.is_understood and following.author == "assistant":
            found.append(line)
    return found


def _promises(lines: Sequence[Line], words: CaseWords) -> list[str]:
    """The codes that were given, with the last date of the same sentence, each once."""
    found: dict[str, str] = {}
    for line in lines:
        if line.author not in ("assistant", "agent"):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+|\n", line.text):
            dates = _DATE.findall(sentence)
            for code in _CODE.findall(sentence):
                found[code] = dates[-1] if dates else found.get(code, "")
    return [
        words.say("summary.promised_by", code=code, date=date) if date else words.say("summary.promised", code=code)
        for code, date in found.items()
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + "…"
