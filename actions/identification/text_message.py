"""The text message that carries a code, in the trainers' words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

TOPIC = Path(__file__).resolve().parents[2] / "data" / "topics" / "account" / "identify.yml"
RESPONSE = "utter_identify_text_message"


@dataclass(frozen=True)
class TextMessage:
    """The sentence by language, with `{code}` and `{operator}` to fill in."""

    sentences: Mapping[str, str]

    @classmethod
    def from_topic(cls, path: Path = TOPIC) -> TextMessage:
        """Raises KeyError when a language has no words."""
        written = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"][RESPONSE]
        by_language = {"en" if variation.get("condition") else "es": variation["text"].strip() for variation in written}
        return cls({language: by_language[language] for language in ("es", "en")})

    def with_code(self, code: str, language: str, operator: str) -> str:
        return self.sentences[language].format(code=code, operator=operator)
