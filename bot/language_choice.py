"""In which language to answer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.folding import fold

# How sure one must be to change the language, by how many words there are: «wifi» or «ok» belongs to both.
SURE_ENOUGH_TO_CHANGE = {0: 1.1, 1: 0.97, 2: 0.85}
SURE_ENOUGH_IN_A_SENTENCE = 0.7
SURE_ENOUGH_IN_A_FORM = 0.97


def language_to_answer(known: str, likely: Mapping[str, float], text: str, is_in_form: bool) -> str:
    """The language the customer wrote in, or the one known so far where the words don't tell."""
    if not likely:
        return known
    written, certainty = max(likely.items(), key=lambda item: item[1])
    words = [word for word in fold(text).split() if not word.isdigit()]
    needed = SURE_ENOUGH_TO_CHANGE.get(len(words), SURE_ENOUGH_IN_A_SENTENCE)
    if is_in_form:  # what is asked there are names, numbers and addresses, which are of no language
        needed = max(needed, SURE_ENOUGH_IN_A_FORM)
    return written if certainty >= needed else known
