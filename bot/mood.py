"""Which signs of anger a message carries, by the trainers' words in data/frustration.yml."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.folding import fold

_STORED = "words.json"
_LETTERS = re.compile(r"[^\W\d_]")


class Lexicon:
    """Words and phrases by the sign they are of, folded."""

    def __init__(self, phrases: dict[str, list[str]]) -> None:
        """Take folded phrases by sign."""
        self.phrases = phrases

    @classmethod
    def read(cls, path: Path) -> Lexicon:
        """Read the trainers' file: signs, under each its languages, under each a list of phrases."""
        written = read_yaml_file(path)["signs"]
        folded = {
            sign: sorted({fold(phrase) for phrases in languages.values() for phrase in phrases})
            for sign, languages in written.items()
        }
        return cls(folded)

    def signs(self, text: str) -> dict[str, float]:
        """Which signs the text carries, 0 to 1 each; those it doesn't carry are left out."""
        folded = f" {fold(text)} "
        found = {
            sign: 1.0 for sign, phrases in self.phrases.items() if any(f" {phrase} " in folded for phrase in phrases)
        }
        for sign, strength in (("shouting", _shouting(text)), ("exclamation", _exclamation(text))):
            if strength:
                found[sign] = strength
        return found


def _shouting(text: str) -> float:
    """Mostly capitals, in more than an abbreviation."""
    letters = _LETTERS.findall(text)
    capitals = sum(letter.isupper() for letter in letters)
    return 1.0 if len(letters) >= 8 and capitals / len(letters) > 0.7 else 0.0


def _exclamation(text: str) -> float:
    """From the second exclamation mark on; «??» and «?!» count as well."""
    marks = text.count("!") + sum(len(run) - 1 for run in re.findall(r"[?!]{2,}", text) if "?" in run)
    return min(1.0, max(0, marks - 1) / 2)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoodSigns(GraphComponent):
    """Sets `frustration_signals` of a message. The words travel in the model, so that they are published with it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the trainers' words stand."""
        return {"words": "data/frustration.yml"}

    def __init__(self, lexicon: Lexicon, storage: ModelStorage, resource: Resource) -> None:
        """Look for the signs of this lexicon."""
        self._lexicon = lexicon
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MoodSigns:
        """With the words as they stand in the file now."""
        return cls(Lexicon.read(Path(config["words"])), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> MoodSigns:
        """With the words as they were when the model was trained."""
        with model_storage.read_from(resource) as folder:
            phrases = json.loads((Path(folder) / _STORED).read_text(encoding="utf-8"))
        return cls(Lexicon(phrases), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Take the words anew when their file has changed."""
        path = Path(config.get("words", cls.get_default_config()["words"]))
        return hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Store the words."""
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _STORED).write_text(json.dumps(self._lexicon.phrases), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the signs each message carries."""
        for message in messages:
            message.set("frustration_signals", self._lexicon.signs(message.get("text") or ""), add_to_output=True)
        return messages
