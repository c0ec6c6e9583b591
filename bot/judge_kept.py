"""The judge, kept in the model beside what Rasa learnt, so that both are published together. Plain JSON, no code."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.core.processor import MessageProcessor
from rasa.shared.utils.io import read_yaml_file

from bot.judgement import Judge, Policy
from bot.phrases import Phrases, read_phrases
from bot.weighing import Weights, prior

FILE = "judgement.json"
SETTINGS = "judgement"
WORDS = "data/needs.yml"


class UnknownSettingError(ValueError):
    """config.yml sets something under `judgement` that there isn't; says what."""


@dataclass(frozen=True)
class Equipped:
    """The judge with the phrases by which it hears."""

    judge: Judge
    phrases: Phrases


def untaught(config: Path, words: Path) -> Equipped:
    """A judge as the trainers' files say, that has learnt from no conversation yet."""
    needs = read_yaml_file(words)
    settings = settings_in(config)
    judge = Judge(prior(settings.get("emphasis")), dict(needs["topics"]), policy_from(settings))
    return Equipped(judge, Phrases(read_phrases(needs)))


def settings_in(config: Path) -> dict[str, Any]:
    """What config.yml says under `judgement`."""
    return dict(read_yaml_file(config).get(SETTINGS) or {})


def policy_from(settings: dict[str, Any]) -> Policy:
    """The policy that the settings make; refuses what it doesn't know."""
    known = {field.name for field in fields(Policy)}
    unknown = set(settings) - known - {"emphasis", "conversations", "words"}
    if unknown:
        raise UnknownSettingError(f"config.yml, judgement: there is no {', '.join(sorted(unknown))}")
    chosen = {name: value for name, value in settings.items() if name in known}
    if "pause_minutes" in chosen:
        chosen["pause_minutes"] = tuple(chosen["pause_minutes"])
    return Policy(**chosen)


def keep(model: Path, equipped: Equipped) -> None:
    """Put the judge into a trained model's archive, in front, where it is found at once."""
    judge = equipped.judge
    stored = {
        "weights": dict(judge.weights.weights),
        "bias": judge.weights.bias,
        "emphasis": dict(judge.weights.emphasis),
        "needs": dict(judge.needs),
        "policy": asdict(judge.policy),
        "phrases": equipped.phrases.by_sign,
    }
    text = json.dumps(stored, ensure_ascii=False).encode()
    fresh = model.with_suffix(".new")
    with tarfile.open(model) as old, tarfile.open(fresh, "w:gz", compresslevel=5) as new:
        entry = tarfile.TarInfo(FILE)
        entry.size = len(text)
        new.addfile(entry, io.BytesIO(text))
        for member in old:
            if member.name != FILE:
                new.addfile(member, old.extractfile(member) if member.isfile() else None)
    fresh.replace(model)


def judge_of(processor: MessageProcessor) -> Equipped:
    """The judge of the model that the processor works with."""
    path = Path(processor.model_path)
    return _kept_in(path / processor.model_filename if path.is_dir() else path)


@lru_cache(maxsize=4)
def _kept_in(model: Path) -> Equipped:
    with tarfile.open(model) as archive:
        first = archive.next()
        file = archive.extractfile(first) if first is not None and first.name == FILE else None
        if file is None:  # trained by Rasa's own command: judge by the files at hand, with what was thought beforehand
            return untaught(Path("config.yml"), Path(WORDS))
        stored = json.loads(file.read())
    policy = policy_from(stored["policy"])
    weights = Weights(stored["weights"], stored["bias"], stored["emphasis"])
    return Equipped(Judge(weights, stored["needs"], policy), Phrases(stored["phrases"]))
