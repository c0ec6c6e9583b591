"""Teaching the judge from labelled conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.conversations import Conversation, read_conversations
from bot.features import Feature, features
from bot.judge_kept import WORDS, Equipped, keep, settings_in, untaught
from bot.judgement import Course
from bot.rehearsal import Rehearsal
from bot.weighing import learnt

CONVERSATIONS = "data/judgement"


def teach(model: Path, config: Path = Path("config.yml")) -> Equipped:
    """Let the judge learn from the trainers' conversations, as this model hears them, and keep it in the model."""
    taught = taught_by(Rehearsal(str(model)), config)
    keep(model, taught)
    return taught


def taught_by(rehearsal: Rehearsal, config: Path) -> Equipped:
    """A judge that has learnt from the trainers' conversations."""
    beginner, emphasis, conversations = settled(config)
    return learnt_from(conversations, rehearsal.look_on(conversations, beginner), beginner, emphasis)


def settled(config: Path) -> tuple[Equipped, dict[str, float], list[Conversation]]:
    """What the trainers have settled: a judge that has learnt nothing yet, what they emphasise, what to learn from."""
    settings = settings_in(config)
    beginner = untaught(config, Path(settings.get("words", WORDS)))
    conversations = read_conversations(Path(settings.get("conversations", CONVERSATIONS)))
    return beginner, dict(settings.get("emphasis") or {}), conversations


def learnt_from(
    conversations: Sequence[Conversation],
    courses: Sequence[Sequence[Course]],
    beginner: Equipped,
    emphasis: dict[str, float],
) -> Equipped:
    """Learn from what there was to judge by at each message, up to the one by which a person was needed."""
    seen: list[dict[str, Feature]] = []
    needed: list[bool] = []
    judge = beginner.judge
    for conversation, of_conversation in zip(conversations, courses, strict=True):
        last = conversation.needed.at if conversation.needed else len(of_conversation)
        for at, course in enumerate(of_conversation[:last], 1):
            if judge.by_rule(course) is not None:
                continue  # the weights never come to decide it
            seen.append(features(course.message, course.history, judge.needs, judge.policy.usual_need))
            needed.append(conversation.needed is not None and at >= conversation.needed.not_before)
    return replace(beginner, judge=replace(judge, weights=learnt(seen, needed, emphasis)))
