"""The two assistants as folders to train and to start: ours, and what `rasa init` makes, with the same sentences."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

ROOT = Path(__file__).resolve().parents[1]
OURS = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
# What `rasa init` of 3.6 writes: the pipeline and policies it would choose, with their usual numbers of epochs.
STOCK_CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
        {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
    ],
}
Examples = dict[str, list[str]]


def write_ours(folder: Path, sentences: int) -> Path:
    """This project with at most so many sentences per intent and language; all of it when `sentences` is 0."""
    folder.mkdir(parents=True)
    for name in OURS:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "data", folder / "data")
    for path in _topics(folder) if sentences else ():
        topic = _read(path)
        for block in topic.get("nlu", []):
            block["examples"] = _listed(_sample(block, sentences))
        _write(path, topic)
    return folder


def write_stock(folder: Path, sentences: int) -> Path:
    """A stock assistant that learns the same sentences and answers every intent with the topic's first words."""
    folder.mkdir(parents=True)
    examples: Examples = {}
    answers: dict[str, str] = {}
    for path in _topics(ROOT):
        topic = _read(path)
        for block in topic.get("nlu", []):
            if "intent" in block:
                examples.setdefault(block["intent"], []).extend(_sample(block, sentences))
        answers.update(_first_words(topic))
    answers = {intent: answers.get(intent, "…") for intent in examples}
    answers["nlu_fallback"] = "…"  # what it says when it isn't sure
    _write(folder / "config.yml", STOCK_CONFIG)
    _write(folder / "credentials.yml", {"rest": None})
    (folder / "endpoints.yml").write_text("")
    _write(folder / "domain.yml", _stock_domain(answers))
    nlu = [{"intent": intent, "examples": _listed(texts)} for intent, texts in examples.items()]
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": nlu})
    dialogue = {"version": "3.1", "rules": _rules(list(answers)), "stories": _stories(list(answers))}
    _write(folder / "data" / "dialogue.yml", dialogue)
    return folder


def _topics(folder: Path) -> list[Path]:
    return sorted((folder / "data" / "topics").rglob("*.yml"))


def _sample(block: dict[str, Any], sentences: int) -> list[str]:
    """Always the same sentences of a block, drawn from all of it."""
    texts = [line.strip().removeprefix("- ") for line in block["examples"].splitlines() if line.strip()]
    if not sentences or len(texts) <= sentences:
        return texts
    language = block.get("metadata", {}).get("language", "")
    return random.Random(f"{block.get('intent')}{language}").sample(texts, sentences)  # noqa: S311 - not for secrecy


def _first_words(topic: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a topic says to each intent it has a response for, the Spanish."""
    for name, variations in topic.get("responses", {}).items():
        text = next((variation["text"] for variation in variations if variation.get("text")), "…")
        yield name.removeprefix("utter_"), text.replace("{", "(").replace("}", ")")


def _stock_domain(answers: dict[str, str]) -> dict[str, Any]:
    return {
        "version": "3.1",
        "intents": [intent for intent in answers if intent != "nlu_fallback"],
        "responses": {f"utter_{intent}": [{"text": text}] for intent, text in answers.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _rules(intents: list[str]) -> list[dict[str, Any]]:
    return [{"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in intents]


def _stories(intents: list[str]) -> list[dict[str, Any]]:
    """As much dialogue as a starter project has, so that its learning policies have something to learn."""
    paths = [intents[start : start + 3] for start in range(0, 9, 3)]
    return [
        {
            "story": " then ".join(path),
            "steps": [step for intent in path for step in ({"intent": intent}, {"action": f"utter_{intent}"})],
        }
        for path in paths
    ]


def _listed(texts: list[str]) -> LiteralScalarString:
    return LiteralScalarString("".join(f"- {text}\n" for text in texts))


def _read(path: Path) -> dict[str, Any]:
    topic: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    return topic


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(content, file)
