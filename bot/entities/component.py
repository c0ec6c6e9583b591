"""The finder as a component of Rasa's pipeline. The trainers' lists travel in the model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.entities.finder import Finder, read_lookups

_STORED = "lookups.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityFinder(GraphComponent):
    """Sets `entities` of a message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the trainers' lists stand."""
        return {"lookups": "data/lookups"}

    def __init__(self, lookups: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Find by these lists."""
        self._lookups = lookups
        self._finder = Finder.of(lookups)
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityFinder:
        """With the lists as they stand in the files now."""
        return cls(read_lookups(Path(config["lookups"])), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> EntityFinder:
        """With the lists as they were when the model was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(json.loads((Path(folder) / _STORED).read_text(encoding="utf-8")), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Take the lists anew when a file has changed."""
        folder = Path(config.get("lookups", cls.get_default_config()["lookups"]))
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(folder.glob("*.yml")))).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Store the lists."""
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _STORED).write_text(json.dumps(self._lookups), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Name what each message names."""
        for message in messages:
            found = self._finder.find(message.get("text") or "")
            message.set("entities", [thing.as_rasa() for thing in found], add_to_output=True)
        return messages
