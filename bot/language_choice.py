"""In which language to answer."""

from __future__ import annotations

from typing import Mapping

# A change of language needs more evidence than keeping it: «ok», «wifi» or a name say nothing.
SURE_ENOUGH_TO_CHANGE = 0.75


def language_to_answer(known: str, likely: Mapping[str, float]) -> str:
    """The language the customer wrote in, or the one known so far where the words don't tell."""
    if not likely:
        return known
    written, certainty = max(likely.items(), key=lambda item: item[1])
    return written if certainty >= SURE_ENOUGH_TO_CHANGE else known
