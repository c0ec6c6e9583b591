"""Buttons we sent, and what it means when one is pressed or said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handoff_service.switchboard.rules.text import fold

CANCEL_WAIT = "queue.cancel"
CONTINUE_WITH_ASSISTANT = "queue.continue"
ASK_FOR_PERSON = "queue.request"
APPEAL = "pause.appeal"
OURS = frozenset({CANCEL_WAIT, CONTINUE_WITH_ASSISTANT, ASK_FOR_PERSON, APPEAL})

Button = Mapping[str, str]


def pressed(payload: str | None, text: str, offered: Sequence[Iterable[Button]]) -> str | None:
    """The payload that is acted upon, if any.

    `offered` holds the buttons of earlier messages, newest first. A payload counts only if we offered it; without one,
    the words of a button of the newest message count as pressing it.
    """
    if payload is not None:
        return payload if any(b["payload"] == payload for buttons in offered for b in buttons) else None
    newest = offered[0] if offered else ()
    said = fold(text)
    return next((b["payload"] for b in newest if said and fold(b["title"]) == said), None)
