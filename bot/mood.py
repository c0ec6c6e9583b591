"""How each message sounds, learnt from the trainers' messages in data/mood/ and their words in data/frustration.yml."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.mood_model import CALM, MoodModel, signs_in
from bot.phrases import Phrases, read_phrases
from bot.protocol import LANGUAGES

_SOURCES = ("mood.py", "mood_model.py", "phrases.py", "folding.py", "ngrams.py", "linear_model.py")
# How many of the topics' calm sentences are learnt from beside data/mood/, which they would otherwise drown.
_FROM_TOPICS = 600
# Of these topics all are: who asks whether it is a robot, or for a person, insults nobody by it.
_NEVER_ABUSE = {"bot_identity", "human"}
_CALM_SIGNS = {"calming"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoodEstimator(GraphComponent):
    """Sets `mood` of a message: `frustration` and `abuse`, 0 to 1 each, and the signs it carries."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the trainers' words and messages stand."""
        return {"words": "data/frustration.yml", "messages": "data/mood"}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: MoodModel | None = None
    ) -> None:
        """Hold the model, once there is one."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MoodEstimator:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> MoodEstimator:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, MoodModel.load(Path(folder)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Learn anew when the trainers' files or the code that learns have changed."""
        where = {**cls.get_default_config(), **config}
        code = [Path(__file__).parent / name for name in _SOURCES]
        files = [Path(where["words"]), *message_files(Path(where["messages"])), *code]
        return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.exists())).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the messages, and from calm ones among the topics' examples."""
        phrases = Phrases(read_phrases(read_yaml_file(self._config["words"])))
        texts, moods = read_messages(Path(self._config["messages"]))
        calm = _calm(training_data, phrases)
        self._model = MoodModel.trained([*texts, *calm], [*moods, *[CALM] * len(calm)], phrases)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say how each message sounds."""
        if self._model is None:
            raise ValueError("MoodEstimator has learnt nothing yet")
        for message in messages:
            message.set("mood", self._model.feel(message.get("text") or "").as_json(), add_to_output=True)
        return messages


def message_files(folder: Path) -> list[Path]:
    """The trainers' files of messages, one mood each."""
    return sorted(folder.glob("*.yml"))


def read_messages(folder: Path) -> tuple[list[str], list[str]]:
    """All messages and their moods."""
    texts: list[str] = []
    moods: list[str] = []
    for path in message_files(folder):
        written = read_yaml_file(path)
        for language in LANGUAGES:
            of_language = list(lines(written.get(language, "")))
            texts += of_language
            moods += [written["mood"]] * len(of_language)
    return texts, moods


def lines(block: str) -> Iterator[str]:
    """The messages of a block of text, one a line behind a dash."""
    for line in block.splitlines():
        if line.strip().startswith("- "):
            yield line.strip()[2:].strip()


def _calm(training_data: TrainingData, phrases: Phrases) -> list[str]:
    """Examples of the topics that carry no sign of anger, evenly chosen."""
    examples = [(example.get("text"), example.get("intent")) for example in training_data.intent_examples]
    calm = [(text, topic) for text, topic in examples if text and not set(signs_in(text, phrases)) - _CALM_SIGNS]
    near = [text for text, topic in calm if topic in _NEVER_ABUSE]
    others = [text for text, topic in calm if topic not in _NEVER_ABUSE]
    return near + others[:: max(1, len(others) // _FROM_TOPICS)][:_FROM_TOPICS]
