"""Which topics a message could be continuing, as a component of Rasa's pipeline."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message as RasaMessage
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.follow_ups import Message, topics_continued
from bot.topics_found import topic_files

_STORED = "follow_ups.json"
_KEY = "follow_ups"


def read_follow_ups(data: str) -> dict[str, list[str]]:
    """By topic (the file's name), the things by which a message continues it."""
    found = {}
    for path in topic_files(data):
        things = (read_yaml_file(path) or {}).get(_KEY)
        if things:
            found[path.stem] = list(things)
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowUps(GraphComponent):
    """Sets `continues` of a message: topics it may continue. Which one it does, the conversation decides."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the topics stand."""
        return {"data": "data"}

    def __init__(self, follow_ups: dict[str, list[str]], storage: ModelStorage, resource: Resource) -> None:
        """With what the topics say."""
        self._follow_ups = follow_ups
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUps:
        """With what the topic files say now."""
        return cls(read_follow_ups(config["data"]), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> FollowUps:
        """With what they said when the model was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(json.loads((Path(folder) / _STORED).read_text(encoding="utf-8")), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Look again when what the topics say has changed."""
        said = read_follow_ups(config.get("data", cls.get_default_config()["data"]))
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Store it."""
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _STORED).write_text(json.dumps(self._follow_ups), encoding="utf-8")
        return self._resource

    def process(self, messages: list[RasaMessage]) -> list[RasaMessage]:
        """Say of each message which topics it may continue."""
        for message in messages:
            guess = message.get("intent") or {}
            understood = Message(
                message.get("text") or "",
                message.get("entities") or [],
                str(guess.get("name") or ""),
                float(guess.get("confidence") or 0.0),
            )
            message.set("continues", topics_continued(understood, self._follow_ups), add_to_output=True)
        return messages
