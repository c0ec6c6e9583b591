"""The survey of one press: what was pressed or said, and who is never asked."""

from __future__ import annotations

import re

from handoff_service.switchboard.rules.handoff import Reason
from handoff_service.switchboard.rules.text import fold

SCORES = (1, 2, 3, 4, 5)
SKIP, COMMENT = "skip", "comment"
NEVER_ASKED = frozenset({Reason.VULNERABLE_CUSTOMER})
NO_SURVEY_AFTER = frozenset({"spam", "no_reply"})
_PAYLOAD = re.compile(r"survey\.(skip|comment|[1-5]):(.{1,40})")
_BEFORE, _AFTER = "un|una|le doy un|a|i d say|i would say", "de 5|sobre 5|out of 5|estrellas?|stars?|5"
_WHOLE = re.compile(rf"(?:(?:{_BEFORE})\s+)?(\w+)(?:\s+(?:{_AFTER}))?")
_NUMBERS = {
    **{str(score): score for score in SCORES},
    **dict(zip(("uno", "dos", "tres", "cuatro", "cinco"), SCORES, strict=True)),
    **dict(zip(("one", "two", "three", "four", "five"), SCORES, strict=True)),
}


def payload(choice: int | str, handoff_id: str) -> str:
    """What a button of the survey of this handoff carries."""
    return f"survey.{choice}:{handoff_id}"


def chosen(pressed: str | None) -> tuple[str, str] | None:
    """The choice and the handoff of a button of ours; None for any other."""
    match = _PAYLOAD.fullmatch(pressed or "")
    return (match[1], match[2]) if match else None


def score_in(text: str) -> int | None:
    """The score a whole message is, in figures or in words: «4», "five", «un 5», "4/5"; None for all else."""
    match = _WHOLE.fullmatch(fold(text))
    return _NUMBERS.get(match[1]) if match else None


def is_asked(reason: Reason, outcome: str | None, asks: bool) -> bool:
    """Whether somebody whose matter ended so is asked at all."""
    return asks and reason not in NEVER_ASKED and outcome not in NO_SURVEY_AFTER
