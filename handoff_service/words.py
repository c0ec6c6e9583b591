"""What the switchboard itself says, read from the trainers' file; no sentence of it stands in Python."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from handoff_service.case_words import CaseWords, load_case_words
from handoff_service.settings import PROJECT, SettingsAreWrong
from handoff_service.yaml_files import read_yaml

SWITCHBOARD_FILE = PROJECT / "data" / "switchboard.yml"
LANGUAGES = ("es", "en")


@dataclass(frozen=True)
class Words:
    """The switchboard's sentences in both languages, with the operator's name filled in."""

    sentences: dict[tuple[str, str], tuple[str, ...]]
    phrases: dict[tuple[str, str], tuple[str, ...]]
    operator: str
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Madrid"))
    case: CaseWords = field(default_factory=lambda: load_case_words(LANGUAGES[0]))  # what agents are told
    names: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def say(self, name: str, language: str, **values: object) -> str:
        """One of the sentences of that name; `values` fill its placeholders."""
        sentence = random.choice(self.sentences[name, language])  # noqa: S311  (a choice of words, not of secrets)
        return sentence.format(operator=self.operator, **values)

    def knows(self, name: str) -> bool:
        """Whether the trainers wrote sentences of that name."""
        return (name, LANGUAGES[0]) in self.sentences

    def clock(self, at: datetime) -> str:
        """The time of day where the operator is, with seconds rounded up: "until 10:05" is never over too late."""
        return (at + timedelta(seconds=59)).astimezone(self.timezone).strftime("%H:%M")

    def phrases_of(self, name: str) -> tuple[str, ...]:
        """What customers say for this, in all languages together."""
        return tuple(p for language in LANGUAGES for p in self.phrases.get((name, language), ()))


def load_words(
    operator: str, path: Path = SWITCHBOARD_FILE, timezone: ZoneInfo | None = None, desk_language: str = LANGUAGES[0]
) -> Words:
    """The words of that file; raises `SettingsAreWrong` naming what is missing in which language."""
    try:
        content = read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise SettingsAreWrong(f"{path.name} can't be read: {error}") from None
    sentences: dict[tuple[str, str], list[str]] = {}
    for name, variations in content["responses"].items():
        for variation in variations:
            sentences.setdefault((name, _language_of(variation)), []).append(variation["text"].strip())
    names = {name for name, _ in sentences} | set(REQUIRED)
    missing = [f"{name} ({lang})" for name in names for lang in LANGUAGES if (name, lang) not in sentences]
    if missing:
        raise SettingsAreWrong(f"{path.name} lacks words for: {', '.join(sorted(missing))}")
    whole = {key: tuple(texts) for key, texts in sentences.items()}
    case = load_case_words(desk_language)
    zone = timezone or ZoneInfo("Europe/Madrid")
    return Words(whole, _lists(content, "phrases"), operator, zone, case, _lists(content, "names"))


def _lists(content: dict[str, Any], section: str) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (name, language): tuple(listed)
        for name, by_language in content.get(section, {}).items()
        for language, listed in by_language.items()
    }


def _language_of(variation: dict[str, Any]) -> str:
    for condition in variation.get("condition", ()):
        if condition.get("name") == "language":
            return str(condition["value"])
    return LANGUAGES[0]


REQUIRED = (
    "utter_welcome",
    "utter_queue_asked_for_person",
    "utter_queue_frustration",
    "utter_queue_not_understood",
    "utter_queue_complex_case",
    "utter_queue_vulnerable_customer",
    "utter_queue_leaving",
    "utter_queue_complaint",
    "utter_queue_assistant_unavailable",
    "utter_queue_place",
    "utter_queue_place_unknown",
    "utter_queue_nobody_yet",
    "utter_survey",
    "utter_survey_thanks",
    "utter_survey_skipped",
    "utter_survey_comment",
    "utter_survey_comment_thanks",
    "utter_button_survey_skip",
    "utter_button_survey_comment",
    "utter_agent_silent",
    "utter_customer_reminder",
    "utter_resolved_no_reply",
    "utter_abandoned",
    "utter_taken_up",
    "utter_taken_up_with_agent",
    "utter_queue_closed",
    "utter_queue_closed_on_call",
    "utter_day_today",
    "utter_day_tomorrow",
    "utter_day_later",
    "utter_when_today",
    "utter_when_tomorrow",
    "utter_when_day",
    "utter_button_queue_cancel",
    "utter_button_queue_continue",
    "utter_button_human",
    "utter_queue_receipt",
    "utter_queue_cancelled",
    "utter_queue_continues",
    "utter_agent_joined",
    "utter_agent_left_queue",
    "utter_agent_transferred",
    "utter_resolved",
    "utter_resolved_promise",
    "utter_resolved_promise_undated",
    "utter_assistant_failed",
    "utter_assistant_failed_again",
    "utter_error_bad_request",
    "utter_error_unauthorized",
    "utter_error_too_long",
    "utter_error_rate_limited",
    "utter_error_unavailable",
    "utter_error_paused",
    "utter_paused",
    "utter_pause_goes_on",
    "utter_pause_lifted",
    "utter_abuse_while_waiting",
    "utter_button_appeal",
    "utter_queue_frustration_again",
    "utter_empty_message",
    "utter_file_kept",
    "utter_contact_verified",
    "utter_contact_unknown",
    "utter_contact_not_own",
    "utter_other_customer",
    "utter_group_only_private",
    "utter_data_exported",
    "utter_data_erased",
    "utter_data_held",
    "utter_data_failed",
    "utter_data_copy_about",
    "utter_data_copy_name",
)
