"""What our Rasa graph components have in common: a linear model learnt from examples, and when to learn it anew."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.linear_model import LinearModel
from bot.meanings import Meanings

_SOURCES = ("component.py", "folding.py", "meanings.py", "ngrams.py", "linear_model.py")


def language_of(example: Message) -> str | None:
    """The language an example's block declares."""
    metadata = example.get("metadata") or {}
    of_block = metadata.get("intent") or {}
    return of_block.get("language") if isinstance(of_block, dict) else None


def _meanings_files(config: dict[str, Any]) -> list[Path]:
    """The files of meanings that the configuration names: none, one or several."""
    named = config.get("meanings") or []
    return [Path(name) for name in ([named] if isinstance(named, str) else named)]


class LearntComponent(GraphComponent):
    """A component around one linear model, stored in Rasa's model."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        """Hold the model, once there is one."""
        self.config = config
        self._storage = storage
        self._resource = resource
        self.model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LearntComponent:
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
    ) -> LearntComponent:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(Path(folder)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Learn anew when the code that learns, or the trainers' files of meanings, have changed."""
        folder = Path(__file__).parent
        read = [*(folder / name for name in _SOURCES), *_meanings_files(config)]
        return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and store what was learnt."""
        texts, labels = self.examples(training_data)
        self.model = LinearModel.trained(texts, labels, Meanings.read(*_meanings_files(self.config)))
        with self._storage.write_to(self._resource) as folder:
            self.model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say what is thought of each message."""
        if self.model is None:
            raise ValueError(f"{type(self).__name__} has learnt nothing yet")
        for message in messages:
            self.read(message, self.model.probabilities(message.get("text") or ""))
        return messages

    def examples(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """The texts and labels to learn from."""
        raise NotImplementedError

    def read(self, message: Message, ranking: list[tuple[str, float]]) -> None:
        """Write into the message what follows from the labels its text may have, the likeliest first."""
        raise NotImplementedError
