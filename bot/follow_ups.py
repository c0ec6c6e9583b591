"""A message that says too little by itself is understood in the light of what was talked about before.

«¿Y en Portugal?» after roaming asks about roaming again; «no, la de mayo» after a bill asks about May's. Which
topics take such a message, and by which things it may name, stands in the topic's own file:

    follow_ups: [place]

Pure: the message's words and what they name in, the topics it could continue out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.entities.found import plain

CONFIDENCE = 0.9
"""How sure it is that a message continues the topic before it, for who wants a figure."""
SURE_BY_ITSELF = 0.6
"""From this confidence on, a message with words of its own is taken as it stands."""
LONGEST_WORDS = 9
FEW_OWN_WORDS = 2

_WORD = re.compile(r"[^\W_]+")
_LEAD = re.compile(
    r"^[\s¿¡]*(?:(?:no|nop|nope|pero|but|vale|ok|okay|bueno|entonces|then|so|ah|y|e|o|or|and|what about|how about|"
    r"que (?:tal|hay|pasa con)|tambien|also|perdon|perdona|sorry|me equivoque|mejor)\b[\s,.;:…]*)+"
)
# Words that carry no wish of their own beside a thing that is named.
_GRAMMAR = """
a al de del el la los las lo un una en con para por sobre hasta desde es era sea ese esa esos esas este esta eso
me mi mis te tu se le nos yo y o que cual cuales si tambien otro otra mismo misma
pregunto preguntaba digo decia refiero referia queria decir hablo hablaba
tarifa plan linea factura recibo mes duran dura duraban caduca caducan gb gigas
the one ones of in for to from with about at on is was it that this those i mean meant asking ask my me us and or what
which same too also bill invoice line plan month do does they last it s
"""
_EMPTY = frozenset(_GRAMMAR.split())


@dataclass(frozen=True)
class Message:
    """What is known of a message before it is seen in any light: what it names, and the classifier's guess."""

    text: str
    entities: Sequence[Mapping[str, Any]]
    guess: str
    confidence: float


def topics_continued(message: Message, follow_ups: Mapping[str, Collection[str]]) -> list[str]:
    """The topics that this message could be continuing; `follow_ups` says by topic which things may be named.

    A message that names a thing and says nothing else continues any topic that takes it. One that begins like a
    continuation and has a few words of its own does so only where the classifier is not sure that it stands alone.
    """
    text = plain(message.text)
    if len(_WORD.findall(text)) > LONGEST_WORDS:
        return []
    named = {str(entity["entity"]) for entity in message.entities}
    fitting = [topic for topic, things in follow_ups.items() if named.intersection(things)]
    if not fitting:
        return []
    lead = _LEAD.match(text)
    own = _own_words(text, message.entities, lead.end() if lead else 0)
    if not own:
        return fitting
    if lead and len(own) <= FEW_OWN_WORDS and message.confidence < SURE_BY_ITSELF:
        return fitting
    return [topic for topic in fitting if lead and topic == message.guess]


def topic_before(intents: Iterable[str | None], continued: Collection[str]) -> str | None:
    """The last topic talked about that the message can be continuing; `intents` are those of the turns, latest last."""
    return next((intent for intent in reversed(list(intents)) if intent in continued), None)


def in_its_light(parse_data: Mapping[str, Any], intents_before: Iterable[str | None]) -> dict[str, Any]:
    """The message as understood after those of `intents_before`; unchanged where it continues none of them."""
    topic = topic_before(intents_before, parse_data.get("continues") or ())
    if topic is None:
        return dict(parse_data)
    understood = {"name": topic, "confidence": CONFIDENCE}
    others = [guess for guess in parse_data.get("intent_ranking", []) if guess["name"] != topic]
    return {**parse_data, "intent": understood, "intent_ranking": [understood, *others]}


def _own_words(text: str, entities: Sequence[Mapping[str, Any]], start: int) -> list[str]:
    """The words after the lead that name nothing and are no mere grammar."""
    spans = [(int(entity["start"]), int(entity["end"])) for entity in entities]
    return [
        word[0]
        for word in _WORD.finditer(text, start)
        if word[0] not in _EMPTY and not any(begin <= word.start() < end for begin, end in spans)
    ]
