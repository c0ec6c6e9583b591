"""In which language a message is, learnt from what the trainers' examples declare."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.component import LearntComponent, language_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(LearntComponent):
    """Sets `language` of a message: each language with its probability. The door decides what to make of it."""

    def examples(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """The sentences whose block declares a language."""
        declared = [(example.get("text"), language_of(example)) for example in training_data.intent_examples]
        pairs = [(text, language) for text, language in declared if text and language]
        return [text for text, _ in pairs], [str(language) for _, language in pairs]

    def read(self, message: Message, ranking: list[tuple[str, float]]) -> None:
        """Say how likely each language is."""
        likely = {label: round(probability, 4) for label, probability in ranking}
        message.set("language", likely, add_to_output=True)
