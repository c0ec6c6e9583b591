"""What a customer wants, in either language, by n-grams of words and letters."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.component import LearntComponent

RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(LearntComponent, IntentClassifier):
    """Sets the intent to act on (`nlu_fallback` when unsure) and the honest ranking behind it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How sure, and how far ahead of the second-best guess, the best must be; and the file of words' meanings."""
        return {"sure": 0.25, "ahead": 0.03, "meanings": None}

    def examples(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """The trainers' sentences with their intents."""
        known = [example for example in training_data.intent_examples if example.get("text")]
        return [example.get("text") for example in known], [example.get("intent") for example in known]

    def read(self, message: Message, ranking: list[tuple[str, float]]) -> None:
        """Rank the intents; the ranking stays true even where none is sure enough to act on."""
        (best, confidence), second = ranking[0], ranking[1][1] if len(ranking) > 1 else 0.0
        is_sure = confidence >= self.config["sure"] and confidence - second >= self.config["ahead"]
        acting = {"name": best if is_sure else DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": confidence}
        message.set("intent", acting, add_to_output=True)
        guesses = [{"name": name, "confidence": likely} for name, likely in ranking[:RANKING_LENGTH]]
        message.set("intent_ranking", guesses, add_to_output=True)
