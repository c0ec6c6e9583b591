"""What Rasa's own validation objects to: contradicting rules, forms without slots and the like."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from bot.run import quieten
from bot.train import CONFIG, DATA, DOMAIN


def objections() -> list[str]:
    """All of Rasa's objections, in its words; takes seconds."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    quieten()
    validator = Validator.from_importer(TrainingDataImporter.load_from_config(CONFIG, DOMAIN, [DATA]))
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
