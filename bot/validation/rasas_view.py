"""What Rasa's own validation objects to: contradicting rules, forms without slots and the like."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection

from bot.run import quieten
from bot.train import CONFIG, DATA, DOMAIN


def objections(intents: Collection[str], entities: Collection[str]) -> list[str]:
    """All of Rasa's objections, in its words, given what the examples name; takes seconds.

    Rasa reads no example for this: reading them all would take longer than everything else.
    """
    from rasa.shared.importers.importer import CombinedDataImporter, E2EImporter, ResponsesSyncImporter
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from rasa.validator import Validator

    from bot.topics import TopicImporter

    class WithoutExamples(TopicImporter):
        def _all_examples(self) -> TrainingData:
            named = [Message({"text": name, "intent": name}) for name in sorted(intents)]
            marks = [{"entity": name, "start": 0, "end": 1, "value": name} for name in sorted(entities)]
            return TrainingData([*named, Message({"text": "…", "entities": marks})])

    quieten()
    topics = ResponsesSyncImporter(CombinedDataImporter([WithoutExamples(CONFIG, DOMAIN, [DATA])]))
    validator = Validator.from_importer(E2EImporter(topics))
    checks = (
        validator.verify_domain_validity,
        validator.verify_actions_in_stories_rules,
        validator.verify_forms_in_stories_rules,
        validator.verify_form_slots,
        validator.verify_slot_mappings,
        validator.verify_story_structure,
    )
    return [words for check in checks for words in _objections(check)]


def _objections(check: Callable[[], bool]) -> list[str]:
    """What a check of Rasa's says when it fails; at least its name."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if check():
            return []
    return [str(warning.message) for warning in said if warning.category is UserWarning] or [check.__name__]
