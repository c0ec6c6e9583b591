"""What is remembered of a conversation to judge it by: little, in a slot, since Rasa forgets older turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.folding import fold

SAID_KEPT = 8
_STEM = 5
_ALIKE = 0.5
_FEW = 2
_STOPWORDS_WORDS = """
a al algo ante aqui asi aun aunque cada como con cual cuando cuanto de del desde donde dos e el ella ellos en
entonces era es esa ese eso esta estan estas este esto estoy favor fue ha habeis han has hasta hay he hola i la
las le les lo los mas me mi mis mucho muy nada ni no nos o os otra otro para pero por porque pues que quiero se
ser si sin sobre solo son soy su sus tambien te tengo ti tiene todo tu tus un una unas unos va vale vez vosotros
voy y ya yo gracias buenas buenos dias tardes puedes puede podeis quisiera necesito saber dime decir ver vamos
an and any are as at be been but by can could did do does dont for from get got had has have hello hey hi how if
im in is it its ive just let like me my need not now of off on or our out please so some that thats the their
them then there they this to too up us was we were what when where which who why will with would you your thanks
thank want know tell
"""
_STOPWORDS = frozenset(_STOPWORDS_WORDS.split())


@dataclass(frozen=True)
class Said:
    """One message of the customer: what it was about and how it sounded. The words are stems, not the text."""

    intent: str
    stems: tuple[str, ...]
    frustration: float
    is_understood: bool


@dataclass(frozen=True)
class History:
    """The conversation so far, without the message at hand."""

    said: tuple[Said, ...] = ()
    turns: int = 0
    corrections: int = 0
    unsolved: int = 0
    not_understood: int = 0
    abusive: int = 0  # messages of abuse without a need
    pauses: int = 0
    facts: Mapping[str, float] = field(default_factory=dict)  # the most that was ever told of each
    has_refused: bool = False
    was_offered: str | None = None  # the reason for which a person was offered in the last turn
    choices: tuple[str, ...] = ()  # the intents between which the customer was asked to choose in the last turn

    def as_json(self) -> dict[str, Any]:
        """For the slot."""
        said = [{**vars(one), "stems": list(one.stems)} for one in self.said]
        return {**vars(self), "said": said, "facts": dict(self.facts), "choices": list(self.choices)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> History:
        """From the slot; empty if there is nothing, or nothing that is understood any more."""
        if not stored:
            return cls()
        try:
            said = tuple(Said(**{**one, "stems": tuple(one["stems"])}) for one in stored["said"])
            return cls(**{**stored, "said": said, "choices": tuple(stored["choices"])})
        except (KeyError, TypeError):
            return cls()

    def after_a_person(self) -> History:
        """Begin anew once a person has had the conversation; what was done about abuse is not forgotten."""
        return History(pauses=self.pauses)

    def calmed(self) -> History:
        """What upset the customer is over."""
        calm = tuple(replace(one, frustration=0.0) for one in self.said)
        return replace(self, said=calm, corrections=0, unsolved=0, not_understood=0, facts={})

    def times_asked(self, stems: tuple[str, ...], intent: str, insists: bool) -> int:
        """How often the customer has asked this, the message at hand included."""
        return 1 + sum(_same(one, stems, intent, insists) for one in self.said)


def stems(text: str) -> tuple[str, ...]:
    """The beginnings of a text's telling words, each once."""
    return tuple(sorted({word[:_STEM] for word in fold(text).split() if word not in _STOPWORDS and len(word) > 1}))


def _same(said: Said, now: tuple[str, ...], intent: str, insists: bool) -> bool:
    if insists and said.is_understood and said.intent == intent:
        return True
    first, second = set(said.stems), set(now)
    shared = len(first & second)
    if min(len(first), len(second)) < _FEW:
        return bool(first) and first == second and said.intent == intent
    is_part = second <= first  # the same again, in fewer words
    return shared >= _FEW and (is_part or shared / len(first | second) >= _ALIKE)
