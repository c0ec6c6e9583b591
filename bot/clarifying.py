"""Unsure between two topics: ask which one, and understand the answer in words as well as the button. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.folding import fold

LIKELY = 0.14
LIKELY_TOGETHER = 0.36
CHOSEN = 0.95
"""How sure it is what was meant, once the customer has chosen."""
_FIRST = frozenset(["primera", "primero", "primer", "1", "uno", "una", "first", "former", "one", "1st"])
_SECOND = frozenset(["segunda", "segundo", "2", "dos", "ultima", "ultimo", "second", "latter", "two", "2nd", "last"])
_NEITHER = frozenset(["ninguna", "ninguno", "neither", "none"])
_LONGEST_CHOICE = 8
_TWICE = 2.0


def two_likely(ranking: Sequence[Sequence[Any]], titled: Collection[str]) -> tuple[str, ...]:
    """The two topics that an unsure message may be about; none where it is anybody's guess."""
    best = [(str(name), float(likely)) for name, likely in ranking[:2]]
    if len(best) < 2 or any(likely < LIKELY or name not in titled for name, likely in best):
        return ()
    return tuple(name for name, _ in best) if sum(likely for _, likely in best) >= LIKELY_TOGETHER else ()


def chosen(text: str, ranking: Mapping[str, float], choices: Sequence[str], titles: Mapping[str, str]) -> str | None:
    """Which of the offered topics an answer in words means; None if it means something else.

    By its number («la segunda»), by the words of one title, or because the one is far likelier than the other.
    """
    words = fold(text).split()
    if not choices or not words or len(words) > _LONGEST_CHOICE or _NEITHER.intersection(words):
        return None
    numbered = _numbered(words)
    if numbered is not None:
        return choices[numbered]
    named = [choice for choice in choices if _names(words, titles.get(choice, ""))]
    if len(named) == 1:
        return named[0]
    first, second = (ranking.get(choice, 0.0) for choice in choices[:2])
    best = choices[0] if first >= second else choices[1]
    if max(first, second) >= LIKELY and max(first, second) >= _TWICE * min(first, second):
        return best if max(ranking.values(), default=0.0) <= max(first, second) else None
    return None


def _numbered(words: Sequence[str]) -> int | None:
    if len(words) > 4:
        return None
    is_first, is_second = bool(_FIRST.intersection(words)), bool(_SECOND.intersection(words))
    if is_second:  # «the second one»
        return 1
    return 0 if is_first else None


def _names(words: Sequence[str], title: str) -> bool:
    telling = {word[:5] for word in fold(title).split() if len(word) > 3}
    return bool(telling & {word[:5] for word in words})
