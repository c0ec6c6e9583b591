"""How a case is told to agents, in their language: signals, moods, topics, the summary's sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handoff_service.yaml_files import read_yaml

FILE = Path(__file__).with_name("case_words.yml")
LONGEST_VALUE = 60  # characters of a signal's value that is shown as it is


@dataclass(frozen=True)
class CaseWords:
    """Sentences by dotted name."""

    language: str
    sentences: Mapping[str, Any]

    def say(self, name: str, /, **values: object) -> str:
        """The sentence of that name, filled in."""
        return str(self._found(name)).format(**values)

    def count(self, name: str, n: float) -> str:
        """The sentence of that name in its form for one or for many."""
        return self._counted(self._found(name), n)

    def called(self, group: str, name: str | None) -> str:
        """What `name` is called, or the bare name where there are no words for it yet."""
        known = self.sentences[group].get(name)
        return str(name or "").replace("_", " ") if known is None else str(known)

    def signal(self, signal: Mapping[str, Any]) -> str:
        """What spoke for a person, with its value; a signal without words is shown by its name, readably."""
        name, value = str(signal.get("name")), signal.get("value")
        known = self.sentences["signals"].get(name)
        if known is None:
            return _bare(name, value)
        if isinstance(known, dict):
            if value is True or value is None:
                return str(known.get("plain", known["one"]))
            return self._counted(known, value) if isinstance(value, int | float) else _bare(name, value)
        if "{percent}" in known and not isinstance(value, int | float):
            return _bare(name, value)
        topic = self.called("topics", str(value))
        return str(known).format(percent=_percent(value), topic=topic)

    def signals(self, signals: Sequence[Mapping[str, Any]]) -> list[str]:
        """All of them in words, the weightiest first."""
        return [self.signal(each) for each in sorted(signals, key=lambda s: -_number(s.get("weight")))]

    def enumeration(self, items: Sequence[str]) -> str:
        """One, two and three."""
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + self.say("summary.and") + items[-1]

    def _found(self, name: str) -> Any:
        found: Any = self.sentences
        for part in name.split("."):
            found = found[part]
        return found

    def _counted(self, forms: Mapping[str, str], n: float) -> str:
        shown = int(n) if n == int(n) else n
        return forms["one" if shown == 1 else "many"].format(n=shown, nth=_ordinal(int(n), self.language))


@cache
def load_case_words(language: str) -> CaseWords:
    """The words in `es` or `en`."""
    return CaseWords(language, read_yaml(FILE)[language])


def _bare(name: str, value: Any) -> str:
    shown = name.replace("_", " ")
    if value is True or value is None:
        return shown
    told = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value).replace("_", " ")
    return f"{shown}: {told[:LONGEST_VALUE]}"


def _percent(value: Any) -> str:
    return f"{round(100 * _number(value))} %"


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _ordinal(n: int, language: str) -> str:
    if language == "es":
        return f"{n}.ª"
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
