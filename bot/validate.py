"""Check the training data and say in plain words what to mend: ``python -m bot.validate``."""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.folding import fold
from bot.judgement import HUMAN
from bot.protocol import LANGUAGES
from bot.run import prepare, quieten
from bot.topic_text import Example, Place, Problem, TopicText, Variation
from bot.topics_found import topic_files
from bot.train import CONFIG, DATA, DOMAIN

NAMES = {"es": "Spanish", "en": "English"}
# What a person is wanted for is said by the switchboard, so these need no rule.
_ANSWERED_ELSEWHERE = {HUMAN}
# Buttons that the switchboard or the customer's app acts on; the assistant never sees them pressed.
_PRESSED_ELSEWHERE = {"queue.cancel", "queue.continue", "queue.request", "contact.share"}
_FALLBACK = "nlu_fallback"


def problems_in(topics: TopicText, switchboard: TopicText) -> list[Problem]:
    """Everything to mend in the trainers' files, by file and line."""
    found = [
        *topics.problems,
        *switchboard.problems,
        *_sentences_of_two_intents(topics.examples),
        *_examples_without_language(topics),
        *_intents_lacking_a_language(topics),
        *_intents_without_rule(topics),
        *_rules_about_nothing(topics),
        *_defined_twice(topics),
        *_wordings(topics.variations),
        *_wordings(switchboard.variations),
        *_buttons(topics),
    ]
    return sorted(found, key=lambda problem: problem.place)


def _sentences_of_two_intents(examples: Iterable[Example]) -> Iterator[Problem]:
    first: dict[str, Example] = {}
    for example in examples:
        folded = fold(example.text)
        earlier = first.setdefault(folded, example)
        if earlier.intent != example.intent:
            yield Problem(
                example.place,
                f"«{example.text}» teaches {example.intent} here and {earlier.intent} at {earlier.place}; "
                "keep it in one of the two (case, accents and punctuation make no difference)",
            )


def _examples_without_language(topics: TopicText) -> Iterator[Problem]:
    for intent, language, place in topics.blocks:
        if language not in LANGUAGES:
            yield Problem(
                place, f"this block of {intent} does not say its language: `metadata: {{language: es}}` or en"
            )


def _intents_lacking_a_language(topics: TopicText) -> Iterator[Problem]:
    languages: dict[str, set[str | None]] = defaultdict(set)
    places: dict[str, Place] = {}
    for intent, language, place in topics.blocks:
        languages[intent].add(language)
        places.setdefault(intent, place)
    for intent, known in languages.items():
        for language in LANGUAGES:
            if language not in known:
                yield Problem(places[intent], f"{intent} has no examples in {NAMES[language]}")


def _intents_without_rule(topics: TopicText) -> Iterator[Problem]:
    ruled = {name for kind, name, _ in topics.rule_steps if kind == "intent"} | _ANSWERED_ELSEWHERE
    seen: set[str] = set()
    for intent, _, place in topics.blocks:
        if intent not in ruled and intent not in seen:
            yield Problem(place, f"nothing happens when a customer wants {intent}: it needs a rule")
        seen.add(intent)


def _rules_about_nothing(topics: TopicText) -> Iterator[Problem]:
    intents = {intent for intent, _, _ in topics.blocks} | {_FALLBACK}
    responses = {variation.response for variation in topics.variations}
    for kind, name, place in topics.rule_steps:
        if kind == "intent" and name not in intents:
            yield Problem(place, f"the rule waits for {name}, which has no examples")
        if kind == "action" and name.startswith("utter_") and name not in responses:
            yield Problem(place, f"the rule says {name}, which has no words under `responses`")


def _defined_twice(topics: TopicText) -> Iterator[Problem]:
    first: dict[tuple[str, str], Place] = {}
    for kind, name, place in topics.definitions:
        earlier = first.setdefault((kind, name), place)
        if earlier != place:
            yield Problem(place, f"{name} stands under `{kind}` here and at {earlier}; keep one")


def _wordings(variations: Iterable[Variation]) -> Iterator[Problem]:
    by_response: dict[str, list[Variation]] = defaultdict(list)
    for variation in variations:
        by_response[variation.response].append(variation)
        if variation.has_channel:
            yield Problem(
                variation.place, f"{variation.response}: `channel:` would overrule the language; leave it out"
            )
    for response, wordings in by_response.items():
        for others in {wording.others for wording in wordings}:
            yield from _wordings_for_one_case(response, [w for w in wordings if w.others == others])


def _wordings_for_one_case(response: str, wordings: list[Variation]) -> Iterator[Problem]:
    case = ", ".join(f"{name}: {value}" for name, value in sorted(wordings[0].others))
    when = f" when {case}" if case else ""
    for language in LANGUAGES:
        if language not in {wording.language for wording in wordings}:
            yield Problem(wordings[0].place, f"{response} has no {NAMES[language]} wording{when}")
    for wording in wordings:
        if wording.language not in LANGUAGES:
            yield Problem(wording.place, f"{response} is in a language that nobody is answered in: {wording.language}")


def _buttons(topics: TopicText) -> Iterator[Problem]:
    intents = {intent for intent, _, _ in topics.blocks}
    for variation in topics.variations:
        for button in variation.buttons:
            if button.payload in _PRESSED_ELSEWHERE:
                continue
            wanted = button.payload.removeprefix("/").split("{")[0].strip()
            if not button.title:
                yield Problem(button.place, "a button needs a title")
            if not button.payload.startswith("/") or wanted not in intents:
                yield Problem(
                    button.place, f"the button «{button.title}» leads to {button.payload!r}, which is no intent"
                )


def problems_for_rasa() -> list[str]:
    """What Rasa's own validation objects to: contradicting rules, forms without slots and the like."""
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


def main() -> int:
    """Print what is to be mended; 1 if there is anything."""
    topics, switchboard = TopicText(), TopicText()
    for path in topic_files(DATA):
        topics.read(path)
    if (Path(DATA) / "switchboard.yml").exists():
        switchboard.read(Path(DATA) / "switchboard.yml")
    problems = [str(problem) for problem in problems_in(topics, switchboard)]
    if not problems:
        prepare()
        problems = [f"Rasa: {words}" for words in problems_for_rasa()]
    for problem in problems:
        print(problem)
    intents = {example.intent for example in topics.examples}
    if problems:
        print(f"\n{len(problems)} to mend.")
        return 1
    print(f"The training data is in order: {len(topics.examples)} examples of {len(intents)} intents.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
