"""What a message tells between the lines: that a person is wanted, that somebody has died, that this is the third call.

Learnt from the trainers' messages in data/signs/, one file per sign, beside the topics' examples, which tell nothing of
the kind. A long message is read whole and sentence by sentence, since what matters may stand in passing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.component import LearntComponent
from bot.hearing import RISKS
from bot.protocol import LANGUAGES

NOTHING = "nothing"
# Files of what only looks like a sign: it is learnt from, and tells nothing.
LOOK_ALIKES = frozenset({NOTHING, "harmless", "word_means_other"})
# Whoever writes what stands in this topic's examples wants a person.
_ASKING_TOPIC, _ASKING = "human", "asks_person"
# Topics in whose examples a sign may well be: they can't stand for messages that tell nothing.
_TELLING_TOPICS = frozenset({"human", "deny"})
# Of these every example is learnt: they come near to a sign and tell none.
_NEAR_MISSES = frozenset({"complaint", "cancel_service", "bot_identity"})
_FROM_TOPICS = 4_000
_SENTENCE_ENDS = re.compile(r"[.!?;\n…]+")
_MOST_SENTENCES = 6
_WORDS_OF_A_SENTENCE = 3
_WORD = re.compile(r"[^\W\d_]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SignReader(LearntComponent):
    """Sets `told` of a message: the signs it carries, as far as it is `sure` (0 to 1) of them, and `sure_of_risk` of
    those that are a risk, with how likely each is."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the trainers' messages stand."""
        return {"messages": "data/signs", "meanings": None, "sure": 0.5, "sure_of_risk": 0.6}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Learn anew when the trainers' messages or the code that learns have changed."""
        folder = Path({**cls.get_default_config(), **config}["messages"])
        read = [Path(__file__), *sign_files(folder)]
        own = hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()
        return f"{super().fingerprint_addon(config)}{own}"

    def examples(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """The trainers' messages by sign, and evenly chosen examples of topics for what tells nothing."""
        told = [(text, sign) for sign, texts in read_signs(Path(self.config["messages"])).items() for text in texts]
        of_topics = [(example.get("text"), example.get("intent")) for example in training_data.intent_examples]
        told += [(text, _ASKING) for text, topic in of_topics if text and topic == _ASKING_TOPIC]
        near = [text for text, topic in of_topics if text and topic in _NEAR_MISSES]
        ordinary = [text for text, topic in of_topics if text and topic not in _TELLING_TOPICS | _NEAR_MISSES]
        ordinary = near + ordinary[:: max(1, len(ordinary) // _FROM_TOPICS)]
        texts, signs = zip(*told, *((text, NOTHING) for text in ordinary), strict=True)
        return list(texts), list(signs)

    def process(self, messages: list[Message]) -> list[Message]:
        """Say what each message tells."""
        for message in messages:
            message.set("told", self.told(message.get("text") or ""), add_to_output=True)
        return messages

    def told(self, text: str) -> dict[str, float]:
        """The signs that the text, or a sentence of it, surely enough carries."""
        if self.model is None:
            raise ValueError("SignReader has learnt nothing yet")
        strongest: dict[str, float] = {}
        for part in filter(_says_something, _parts(text)):
            for sign, likelihood in self.model.probabilities(part):
                if sign not in LOOK_ALIKES and likelihood >= max(self._least(sign), strongest.get(sign, 0.0)):
                    strongest[sign] = round(likelihood, 3)
        return strongest

    def _least(self, sign: str) -> float:
        """How likely a sign must be. A risk brings a person at once, so a mere suspicion is not enough."""
        return float(self.config["sure_of_risk" if sign in RISKS else "sure"])


def sign_files(folder: Path) -> list[Path]:
    """The trainers' files, one sign each, named after it."""
    return sorted(folder.glob("*.yml"))


def read_signs(folder: Path) -> dict[str, list[str]]:
    """The messages of each sign, in both languages."""
    signs: dict[str, list[str]] = {}
    for path in sign_files(folder):
        written = read_yaml_file(path) or {}
        signs[path.stem] = [line for language in LANGUAGES for line in _lines(written.get(language) or "")]
    return signs


def _lines(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if line.strip().startswith("- "):
            yield line.strip()[2:].strip()


def _parts(text: str) -> list[str]:
    """The text, and its sentences where it has several that say something."""
    sentences = [part.strip() for part in _SENTENCE_ENDS.split(text)]
    sentences = [part for part in sentences if _says_something(part)]
    return [text, *sentences[-_MOST_SENTENCES:]] if len(sentences) > 1 else [text]


def _says_something(part: str) -> bool:
    """Not a number, a name or a greeting, by which no sign is told."""
    return len(_WORD.findall(part)) >= _WORDS_OF_A_SENTENCE
