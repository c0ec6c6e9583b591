"""Sentences of the exam that stand in the training data: then its marks say nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.evaluation.held_out import Exam, HeldOut, sameness
from bot.topic_text import Example, Problem
from bot.validation.marks import taught_text


def leaked(examples: Iterable[Example], exam: Exam) -> Iterator[Problem]:
    """Every example that the exam asks about as well."""
    asked: dict[str, HeldOut] = {sameness(sentence.text): sentence for sentence in exam.sentences}
    for example in examples:
        sentence = asked.get(sameness(taught_text(example.text)))
        if sentence:
            yield Problem(
                example.place,
                f"leaked test sentence: «{example.text}» is asked in the exam at {sentence.place}; "
                "take it out here, or the mark stops telling the truth",
            )
